namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// A short ordered list that costs one reference where it holds one item, as nearly all do. Immutable.
/// </summary>
internal readonly struct OneOrMany<T>
    where T : class
{
    internal OneOrMany(object? value) => Value = value;

    public int Count => Value switch
    {
        null => 0,
        T[] many => many.Length,
        _ => 1,
    };

    /// <summary>
    /// Null, the item, or an array of two and more: to be kept in a field that is read and written at once.
    /// </summary>
    internal object? Value { get; }

    public T this[int index] => Value is T[] many ? many[index] : (T)Value!; // Not null: the index is below Count.

    public OneOrMany<T> Insert(int index, T item)
    {
        if (Value is null)
        {
            return new OneOrMany<T>(item);
        }

        var items = new T[Count + 1];
        for (var old = 0; old < Count; old++)
        {
            items[old < index ? old : old + 1] = this[old];
        }

        items[index] = item;
        return new OneOrMany<T>(items);
    }

    public OneOrMany<T> Replace(int index, T item)
    {
        if (Value is not T[] many)
        {
            return new OneOrMany<T>(item);
        }

        var items = (T[])many.Clone();
        items[index] = item;
        return new OneOrMany<T>(items);
    }

    public OneOrMany<T> RemoveAt(int index)
    {
        if (Value is not T[] many)
        {
            return default;
        }

        if (many.Length == 2)
        {
            return new OneOrMany<T>(many[1 - index]);
        }

        var items = new T[many.Length - 1];
        for (var old = 0; old < many.Length; old++)
        {
            if (old != index)
            {
                items[old < index ? old : old - 1] = many[old];
            }
        }

        return new OneOrMany<T>(items);
    }

    public int IndexOf(T item)
    {
        for (var index = 0; index < Count; index++)
        {
            if (ReferenceEquals(this[index], item))
            {
                return index;
            }
        }

        return -1;
    }
}
