// Writes the ids of Hugging Face's tokenizer, BERT uncased, for the texts of bert_tokens.json:
// dotnet run bert_tokens.cs -- VOCAB.TXT bert_tokens.json
#:package Tokenizers.DotNet@1.4.1
#:package Tokenizers.DotNet.runtime.linux-x64@1.4.1
#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true

using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenizers.DotNet;

string[] vocabulary = File.ReadAllLines(args[0]);
string[] texts = [.. JsonNode.Parse(File.ReadAllText(args[1]))!.AsArray().Select(entry => (string)entry!["text"]!)];
string description = Path.GetTempFileName();
File.WriteAllText(description, Describe(vocabulary).ToJsonString());
using (var tokenizer = new Tokenizer(description))
{
    IEnumerable<string> lines = texts.Select(
        text => $"  {{ \"text\": {JsonSerializer.Serialize(text)}, \"ids\": [{string.Join(", ", tokenizer.Encode(text))}] }}");
    File.WriteAllText(args[1], $"[\n{string.Join(",\n", lines)}\n]\n");
}
File.Delete(description);

// A tokenizer.json of bert-base-uncased, with this vocabulary.
static JsonNode Describe(string[] vocabulary)
{
    var ids = new JsonObject();
    for (int i = 0; i < vocabulary.Length; i++)
        ids[vocabulary[i]] = i;
    JsonNode json = JsonNode.Parse("""
        {
          "version": "1.0", "added_tokens": [],
          "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true
          },
          "pre_tokenizer": { "type": "BertPreTokenizer" },
          "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 0], "cls": ["[CLS]", 0] },
          "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100 }
        }
        """)!;
    foreach (string end in (string[])["sep", "cls"])
        json["post_processor"]![end]![1] = Array.IndexOf(vocabulary, $"[{end.ToUpperInvariant()}]");
    json["model"]!["vocab"] = ids;
    return json;
}
