using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Transports.Linux;

/// <summary>
/// One worker's memory for datagrams: slots that requests are received into, and the answers that one call sends. Headers,
/// addresses and answers lie in one block outside the heap; requests lie in buffers that contexts take over where they wait. One
/// context answers all others one after the other, so that what it touches stays in the processor's nearest cache.
/// </summary>
internal sealed unsafe class UdpBatch : IDisposable
{
    /// <summary>Datagrams a call; more gains nothing (see the measurements in the project's notes on sockets).</summary>
    public const int Size = 32;

    /// <summary>Octets of an answer that goes with its batch; a larger one is sent alone.</summary>
    public const int AnswerSize = 2048;

    private const int NameStride = 32;

    private readonly QueryContextPool _pool;
    private readonly byte[][] _requests = new byte[Size][];
    private readonly bool _hasControl;
    private QueryContext _query;
    private BatchHeader* _received;
    private BatchHeader* _answers;
    private byte* _answerOctets;
    private int _answerCount;
    private int _answersLength;

    /// <param name="hasControl">Ancillary data is wanted: the socket is bound to a wildcard.</param>
    public UdpBatch(QueryContextPool pool, bool hasControl)
    {
        _pool = pool;
        _query = pool.Rent();
        _hasControl = hasControl;
        var headers = (nuint)(sizeof(BatchHeader) * Size);
        var vectors = (nuint)(sizeof(IoVector) * Size);

        // SAFETY: one block, cut into arrays of Size elements each, freed once in Dispose when the worker has ended; every
        // pointer below is to an element of one of them. The widest alignment asked for is 8, and so is every part's size.
        var block = (byte*)NativeMemory.AllocZeroed(
            (2 * headers) + (2 * vectors) + (Size * (NameStride + UdpPeer.ControlSize + AnswerSize)));
        _received = (BatchHeader*)block;
        _answers = (BatchHeader*)(block + headers);
        var receivedVectors = (IoVector*)(block + (2 * headers));
        var answerVectors = receivedVectors + Size;
        var names = (byte*)(answerVectors + Size);
        var controls = names + (Size * NameStride);
        _answerOctets = controls + (Size * UdpPeer.ControlSize);
        for (var slot = 0; slot < Size; slot++)
        {
            ref var datagram = ref _received[slot].Datagram;
            datagram.Name = names + (slot * NameStride);
            datagram.Control = _hasControl ? controls + (slot * UdpPeer.ControlSize) : null;
            datagram.Vectors = receivedVectors + slot;
            datagram.VectorCount = 1;
            _answers[slot].Datagram.Vectors = answerVectors + slot;
            _answers[slot].Datagram.VectorCount = 1;
            Attach(slot, QueryContext.NewMessageBuffer());
            Rearm(slot);
        }
    }

    /// <summary>Where the next answer is written to.</summary>
    public Span<byte> NextAnswer => new(_answerOctets + _answersLength, AnswerSize);

    public ref DatagramHeader DatagramAt(int slot) => ref _received[slot].Datagram;

    /// <summary>Octets of the request in a slot; more than <see cref="UdpMessages.MaxRequest"/>: it was cut.</summary>
    public int LengthAt(int slot) =>
        (_received[slot].Datagram.Flags & LinuxSocket.Truncated) != 0 ? UdpMessages.MaxRequest + 1 : (int)_received[slot].Length;

    /// <summary>Where a slot's request came from; port 0 where there is nobody to answer.</summary>
    public SocketEndpoint ClientAt(int slot)
    {
        ref var datagram = ref _received[slot].Datagram;

        // SAFETY: the name has NameStride octets, of which the kernel filled the first.
        return datagram.NameLength < 16 ? default : UdpPeer.ReadName(new ReadOnlySpan<byte>(datagram.Name, UdpPeer.NameSize));
    }

    /// <summary>The address a slot's request was sent to, where the kernel says so; its answer then leaves from there.</summary>
    public bool TryGetLocal(int slot, out IPAddressValue local)
    {
        ref var datagram = ref _received[slot].Datagram;
        if ((datagram.Flags & LinuxSocket.ControlTruncated) == 0

            // SAFETY: the kernel wrote this many octets into the slot's ControlSize.
            && UdpPeer.TryTurnControl(new Span<byte>(datagram.Control, (int)datagram.ControlLength), out local))
        {
            return true;
        }

        datagram.ControlLength = 0;
        local = default;
        return false;
    }

    /// <summary>The context that answers, with a slot's request; the next slot has the same one.</summary>
    public QueryContext Open(int slot)
    {
        _query.SwapMessageBuffer(_requests[slot]);
        return _query;
    }

    /// <summary>Lets the context that answers go on with a slot's request; another one answers from here on.</summary>
    public void LeaveQuery(int slot)
    {
        _query = _pool.Rent();
        Attach(slot, _query.GetMessageBuffer(UdpMessages.MaxRequest));
    }

    private void Attach(int slot, byte[] request)
    {
        ref var vector = ref _received[slot].Datagram.Vectors[0];

        // SAFETY: buffers of this size are allocated pinned, and the slot keeps this one alive.
        vector.Base = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(request));
        vector.Length = UdpMessages.MaxRequest;
        _requests[slot] = request;
    }

    /// <summary>Adds what was written to <see cref="NextAnswer"/> as the answer to a slot's request.</summary>
    public void AddAnswer(int slot, int length)
    {
        ref var answer = ref _answers[_answerCount].Datagram;
        ref var request = ref _received[slot].Datagram;
        answer.Name = request.Name;
        answer.NameLength = request.NameLength;
        answer.Control = request.ControlLength == 0 ? null : request.Control;
        answer.ControlLength = request.ControlLength;
        answer.Vectors->Base = _answerOctets + _answersLength;
        answer.Vectors->Length = (nuint)length;
        _answerCount++;

        // The next one begins with a cache line.
        _answersLength += (length + 63) & ~63;
    }

    /// <summary>Waits for a datagram and takes those that are there. Below zero: nothing; the error says why.</summary>
    public int Receive(int socket) => LinuxSocket.ReceiveBatch(socket, _received, Size, LinuxSocket.WaitForOne, null);

    /// <summary>Takes the datagrams that are there. Below zero: nothing.</summary>
    public int ReceiveNow(int socket) => LinuxSocket.ReceiveBatch(socket, _received, Size, LinuxSocket.DontWait, null);

    /// <summary>Takes a slot's datagram out, to be answered later, and makes the slot ready for another one.</summary>
    public WaitingDatagram Take(int slot)
    {
        ref var received = ref _received[slot];
        var query = _pool.Rent();
        var spare = query.GetMessageBuffer(UdpMessages.MaxRequest);
        query.SwapMessageBuffer(_requests[slot]);
        var taken = new WaitingDatagram(query, received.Length, received.Datagram.Flags, new UdpPeer(in received.Datagram));
        Attach(slot, spare);
        Rearm(slot);
        return taken;
    }

    /// <summary>Puts a datagram into a slot, as if it had been received there.</summary>
    public void Put(int slot, in WaitingDatagram datagram)
    {
        Attach(slot, datagram.Query.SwapMessageBuffer(_requests[slot]));
        _pool.Return(datagram.Query);
        ref var received = ref _received[slot];
        var peer = datagram.Peer;
        received.Length = datagram.Length;
        received.Datagram.Flags = datagram.Flags;
        received.Datagram.NameLength = (uint)peer.Name.Length;
        received.Datagram.ControlLength = (nuint)peer.Control.Length;

        // SAFETY: both came from a slot, whose room is the same in all of them.
        peer.Name.CopyTo(new Span<byte>(received.Datagram.Name, NameStride));
        peer.Control.CopyTo(new Span<byte>(received.Datagram.Control, peer.Control.Length));
    }

    /// <summary>Sends all answers, and makes the slots ready for the next batch.</summary>
    /// <returns>Answers that the kernel would not take.</returns>
    public int Send(int socket, int receivedCount)
    {
        var sent = 0;
        var refused = 0;
        while (sent < _answerCount)
        {
            var count = LinuxSocket.SendBatch(socket, _answers + sent, (uint)(_answerCount - sent), 0);
            if (count > 0)
            {
                sent += count;
            }
            else if (Marshal.GetLastPInvokeError() != LinuxSocket.Interrupted)
            {
                // This one cannot be sent (no route, no room for 100 ms, or an earlier one came back): its client asks again.
                sent++;
                refused++;
            }
        }

        _answerCount = 0;
        _answersLength = 0;
        for (var slot = 0; slot < receivedCount; slot++)
        {
            Rearm(slot);
        }

        return refused;
    }

    public void Dispose()
    {
        if (_received is null)
        {
            return;
        }

        NativeMemory.Free(_received);
        _received = null;
        _answers = null;
        _answerOctets = null;

        // The buffer it had last is a slot's, or by now another context's.
        _query.SwapMessageBuffer([]);
        _pool.Return(_query);
    }

    // The kernel overwrites these with what it found.
    private void Rearm(int slot)
    {
        ref var datagram = ref _received[slot].Datagram;
        datagram.NameLength = UdpPeer.NameSize;
        datagram.ControlLength = _hasControl ? UdpPeer.ControlSize : 0u;
        datagram.Flags = 0;
    }
}
