using System.Diagnostics; using TorchSharp; using static TorchSharp.torch;
foreach (var n in new[]{1024,1536,2048,2560,3072}) { using var sc=NewDisposeScope(); var a=randn(n,n,dtype:ScalarType.Float64); var s=a.mm(a.t()); var c=Stopwatch.StartNew(); var (v,w)=linalg.eigh(s); Console.WriteLine($"{n}: {c.Elapsed.TotalSeconds:F2} s"); }
