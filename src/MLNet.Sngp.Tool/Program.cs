using MLNet.Sngp.Tool;

// Networks of this size train fastest with one torch thread; the process is the tool's own.
if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
    Environment.SetEnvironmentVariable("OMP_NUM_THREADS", "1");
return await SngpTool.RunAsync(args, Console.Out, Console.Error);
