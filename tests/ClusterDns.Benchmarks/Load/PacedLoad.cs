using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Benchmarks.Load;

/// <summary>Asks at a steady rate over UDP and keeps how long each answer took. The same for every server it is pointed at.</summary>
internal sealed class PacedLoad(int port, byte[][] questions)
{
    private const int Ids = 1 << 16;

    private readonly long[] _sent = new long[Ids];
    private readonly List<long> _latencies = [];

    /// <summary>Answers that came.</summary>
    public int Answered => _latencies.Count;

    public int Asked { get; private set; }

    /// <summary>Microseconds that this share of the answers took at most.</summary>
    public double Percentile(double share)
    {
        if (_latencies.Count == 0)
        {
            return double.NaN;
        }

        _latencies.Sort();
        return _latencies[Math.Min((int)(_latencies.Count * share), _latencies.Count - 1)] * 1e6 / Stopwatch.Frequency;
    }

    /// <summary>Runs on the calling thread and one beside it.</summary>
    public void Run(int rate, TimeSpan time, CancellationToken cancel = default)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 1 << 20,
            ReceiveTimeout = 500,
        };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        var isDone = false;
        var receiver = new Thread(() => Receive(socket, () => Volatile.Read(ref isDone)));
        receiver.Start();
        Send(socket, rate, time, cancel);
        Volatile.Write(ref isDone, true);
        receiver.Join();
    }

    private void Send(Socket socket, int rate, TimeSpan time, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < time && !cancel.IsCancellationRequested)
        {
            // What is due by now, at most a hundred at once: a sender that was held up must not flood afterwards.
            var due = Math.Min((int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * rate) - Asked, 100);
            for (; due > 0; due--)
            {
                var id = Asked & (Ids - 1);
                var question = questions[Asked % questions.Length];
                BinaryPrimitives.WriteUInt16BigEndian(question, (ushort)id);
                Volatile.Write(ref _sent[id], Stopwatch.GetTimestamp());
                socket.Send(question);
                Asked++;
            }

            Thread.Yield();
        }
    }

    private void Receive(Socket socket, Func<bool> isDone)
    {
        var answer = new byte[4096];
        while (true)
        {
            try
            {
                var length = socket.Receive(answer);
                var sent = Interlocked.Exchange(ref _sent[BinaryPrimitives.ReadUInt16BigEndian(answer)], 0);
                if (length >= 12 && sent != 0)
                {
                    _latencies.Add(Stopwatch.GetTimestamp() - sent);
                }
            }
            catch (SocketException) when (isDone())
            {
                return;
            }
            catch (SocketException)
            {
                // A pause.
            }
        }
    }
}
