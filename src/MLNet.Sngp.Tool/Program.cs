using MLNet.Sngp.Tool;
using TorchSharp;

// Networks of this size train fastest with one torch thread. It is set here alone, where the process is the tool's own.
if (args is ["train", ..] && Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
    torch.set_num_threads(1);
return await SngpTool.RunAsync(args, Console.Out, Console.Error);
