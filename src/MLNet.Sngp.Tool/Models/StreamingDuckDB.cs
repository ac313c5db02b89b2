using System.Data.Common;
using DuckDB.NET.Data;

namespace MLNet.Sngp.Tool.Models;

/// <summary>DuckDB whose commands give rows as they are found; by default all rows are first gathered in memory.</summary>
internal sealed class StreamingDuckDB : DbProviderFactory
{
    public static readonly StreamingDuckDB Instance = new();

    public override DbConnection CreateConnection() => new StreamingConnection();

    public override DbCommand CreateCommand() => new DuckDBCommand { UseStreamingMode = true };

    private sealed class StreamingConnection : DuckDBConnection
    {
        protected override DbCommand CreateDbCommand()
        {
            var command = (DuckDBCommand)base.CreateDbCommand();
            command.UseStreamingMode = true;
            return command;
        }
    }
}
