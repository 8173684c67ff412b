namespace ClusterDns.Core.Pipeline;

/// <summary>Contexts ready for use. Any thread may rent and return; what is rented has one owner until it is returned.</summary>
public sealed class QueryContextPool(int capacity = QueryContextPool.DefaultCapacity)
{
    private const int DefaultCapacity = 1024;

    private readonly Lock _gate = new();
    private readonly QueryContext[] _free = new QueryContext[capacity];
    private int _count;

    public QueryContext Rent()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                return _free[--_count];
            }
        }

        return new QueryContext();
    }

    /// <summary>Takes a context back; its owner must not touch it any more.</summary>
    public void Return(QueryContext query)
    {
        query.Recycle();
        lock (_gate)
        {
            if (_count < _free.Length)
            {
                _free[_count++] = query;
            }
        }
    }
}
