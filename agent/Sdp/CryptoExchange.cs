using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Crypto.Wire;

namespace IntercomAgent.Sdp;

/// <summary>
/// The keys of one session that travel in its descriptions (RFC 4568): ours, offered and in use, and the peer's. Each side names the key of
/// what it sends. What is replaced is wiped.
/// <para>
/// Keys that hold are repeated in later descriptions, so that packets go on as they were. When the peer brings a new one, we answer with a
/// new one, too: who has changed its own begins to count anew in both directions.
/// </para>
/// </summary>
/// <param name="suites">What we offer and accept, the best first.</param>
/// <param name="random">Where our keys come from.</param>
internal sealed class CryptoExchange(IReadOnlyList<SrtpProfile> suites, IRandomSource random) : IDisposable
{
    private readonly List<LocalCrypto> _offered = [];
    private LocalCrypto? _local;
    private SrtpMasterKey? _remote;

    /// <summary>Our media port is another one: with it goes a new key of ours (section 7.1.4).</summary>
    public bool MustRenew { get; set; }

    /// <summary>What our next offer says: the key in use, or, before there is one, a new key for each suite.</summary>
    public IReadOnlyList<LocalCrypto> Offer()
    {
        ForgetOffered();
        if (_local is { } held)
        {
            _offered.Add(MustRenew ? held with { Key = SrtpMasterKey.Create(held.Key.Profile, random) } : held);
        }
        else
        {
            _offered.AddRange(suites.Select((suite, index) => new LocalCrypto(index + 1, SrtpMasterKey.Create(suite, random))));
        }

        return [.. _offered];
    }

    /// <summary>
    /// Takes the one line of an answer, which must be one of those offered, with a key of the peer's own (sections 5.1.3 and 7.1.2). Null
    /// when it is not; then nothing has changed.
    /// </summary>
    public SignalledKeys? TakeAnswer(MediaDescription media)
    {
        if (media.Own.Cryptos is not [{ Key: { } remote } answer]
            || _offered.Find(one => one.Tag == answer.Tag && one.Key.Profile == remote.Profile) is not { } local
            || _offered.Exists(one => one.Key.IsSame(remote)))
        {
            return null;
        }

        return Agree(local, answer, remote);
    }

    /// <summary>The line of an offer that we take, the first that we can (section 5.1.2); null when there is none.</summary>
    public SdpCrypto? Choose(MediaDescription media) => media.Own.Cryptos.Find(one => IsUsable(media, one) && Holds(one))
        ?? media.Own.Cryptos.Find(one => IsUsable(media, one));

    /// <summary>Takes a line that <see cref="Choose"/> has named, and says with which one it is answered.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The key is kept until it is replaced.")]
    public SignalledKeys Answer(SdpCrypto chosen, out LocalCrypto answer)
    {
        SrtpMasterKey remote = chosen.Key ?? throw new InvalidOperationException("The line has a key.");
        bool isKept = Holds(chosen) && !MustRenew;
        answer = new LocalCrypto(chosen.Tag, isKept ? _local!.Key : SrtpMasterKey.Create(remote.Profile, random)); // What holds has both.
        return Agree(answer, chosen, remote);
    }

    /// <summary>Another answer to our offer is to come, and nothing of the first one holds.</summary>
    public void AwaitAnotherAnswer()
    {
        _remote?.Dispose();
        _remote = null;
        _local = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ForgetOffered();
        _local?.Key.Dispose();
        _remote?.Dispose();
    }

    private SignalledKeys Agree(LocalCrypto local, SdpCrypto chosen, SrtpMasterKey remote)
    {
        if (!Holds(chosen))
        {
            _remote?.Dispose();
            _remote = chosen.TakeKey();
        }

        if (_local is not null && _local.Key != local.Key && !_offered.Contains(_local))
        {
            _local.Key.Dispose();
        }

        _local = local;
        MustRenew = false;
        return new SignalledKeys(local.Key, _remote!); // It was there, or has just been taken.
    }

    private bool IsUsable(MediaDescription media, SdpCrypto crypto) => crypto.Key is { } key
        && suites.Contains(key.Profile)
        && media.Own.Cryptos.FindAll(other => other.Tag == crypto.Tag).Count == 1;

    /// <summary>Whether the line is the one that holds already.</summary>
    private bool Holds(SdpCrypto crypto) => _local is not null && _remote is not null
        && crypto.Key is { } key && key.Profile == _remote.Profile && key.IsSame(_remote) && key.IsNamedAs(_remote);

    private void ForgetOffered()
    {
        _offered.FindAll(one => one.Key != _local?.Key).ForEach(static one => one.Key.Dispose());
        _offered.Clear();
    }
}
