// What the operations of the protocol cost beside the primitives that they
// cannot avoid, both measured in the same run, in turns, in CPU time:
//   frank_benchmark --benchmark_counters_tabular=true
// ns and bare_ns are for one item, ratio is the one over the other. They are
// the lower deciles of many turns: neighbours on the same machine only ever
// add.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/status.h"
#include "crypto/channel.h"
#include "crypto/commitment.h"
#include "crypto/encoding.h"
#include "crypto/frank.h"
#include "crypto/key_ring.h"
#include "crypto/random.h"
#include "crypto/report.h"
#include "tests/bench/primitives.h"

namespace frank::bench {
namespace {

using crypto::Frank;
using crypto::FrankForm;
using crypto::KeyRing;
using crypto::Secret;

constexpr char kSender[] = "mimi://a.example/u/sender-of-this-message";
constexpr char kRoom[] = "mimi://hub.example/r/room-of-this-message";
constexpr UnixMillis kNow = 1'795'500'000'000;

double CpuNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

double LowerDecile(std::vector<double>* samples) {
  auto tenth = samples->begin() + static_cast<long>(samples->size() / 10);
  std::nth_element(samples->begin(), tenth, samples->end());
  return *tenth;
}

template <typename Work>
double NanosecondsOf(int repeats, Work& work) {
  double start = CpuNanoseconds();
  for (int i = 0; i < repeats; ++i) work();
  return (CpuNanoseconds() - start) / repeats;
}

// Runs the two in turns, each long enough for the clock, and reports both.
// `items` is how many items one call of either makes.
template <typename Operation, typename Bare>
void Compare(benchmark::State& state, Operation operation, Bare bare,
             double items = 1) {
  double once = std::max(NanosecondsOf(3, operation), 1.0);
  int repeats = static_cast<int>(std::clamp(100'000.0 / once, 1.0, 1000.0));
  std::vector<double> operations, bares;
  for (auto _ : state) {
    operations.push_back(NanosecondsOf(repeats, operation) / items);
    bares.push_back(NanosecondsOf(repeats, bare) / items);
    state.SetIterationTime(operations.back() * 1e-9);
  }
  double ns = LowerDecile(&operations), bare_ns = LowerDecile(&bares);
  state.counters["ns"] = ns;
  state.counters["bare_ns"] = bare_ns;
  state.counters["ratio"] = ns / bare_ns;
}

Bytes Filled(size_t size) {
  Bytes out(size);
  for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(i * 31);
  return out;
}

KeyRing RingOf(FrankForm form) {
  std::vector<crypto::KeyWindow> windows(1);
  windows[0].not_after = ~UnixMillis{0};
  windows[0].form = form;
  windows[0].hub_key = Secret::Copy(Bytes(32, 1));
  if (form != FrankForm::kNone) {
    windows[0].franking_seed = Secret::Copy(Bytes(32, 2));
  }
  auto ring = KeyRing::Create("mimi://hub.example", std::move(windows));
  FRANK_CHECK(ring.ok());
  return *ring;
}

crypto::HpkePrivateKey KeyOf(uint8_t byte) {
  auto key = crypto::HpkePrivateKey::Create(Secret::Copy(Bytes(32, byte)));
  FRANK_CHECK(key.ok());
  return *key;
}

// A message of a size with its commitment and frank.
struct Message {
  explicit Message(size_t size, FrankForm form = FrankForm::kNone)
      : ring(RingOf(form)) {
    content = *crypto::EncodePart("text/plain", Filled(size));
    tag = *crypto::CommitWhole(opening());
    std::vector<crypto::StampInput> inputs(64, {tag, kSender, kRoom, kNow});
    frank = crypto::MakeFrank(inputs[17], crypto::Stamp(ring, inputs)->at(17));
    context = crypto::EncodeContext(frank.context());
    macced.assign(tag.bytes().begin(), tag.bytes().end());
    macced.insert(macced.end(), context.begin(), context.end());
  }
  crypto::WholeOpening opening() const { return {salt, content}; }
  crypto::FrankFields Fields() const {
    crypto::FrankFields fields{tag.bytes(),        kSender, kRoom, kNow,
                               frank.server_frank, 1,       {}};
    if (auto* share = absl::get_if<crypto::BatchShare>(&frank.integrity)) {
      crypto::BatchShareFields out{
          share->signature, share->size, share->index, {}};
      for (const auto& node : share->inclusion_proof) {
        out.inclusion_proof.push_back(node);
      }
      fields.integrity = out;
    }
    return fields;
  }

  KeyRing ring;
  Bytes salt = Filled(32);
  Bytes content;
  FrankingTag tag;
  Frank frank;
  Bytes context;
  Bytes macced;  // tag || context
};

size_t SizeOf(const benchmark::State& state) {
  return static_cast<size_t>(state.range(0));
}

void Commit(benchmark::State& state) {
  Message m(SizeOf(state));
  Compare(
      state,
      [&] { benchmark::DoNotOptimize(crypto::CommitWhole(m.opening())); },
      [&] {
        BareHmac key(m.salt);
        benchmark::DoNotOptimize(key.Mac(m.content));
      });
}

void EncryptBody(benchmark::State& state) {
  Message m(SizeOf(state));
  auto binding = crypto::BodyBinding::Create(crypto::Scheme::kWhole, 1, m.tag,
                                             kSender, kRoom);
  Secret cek = Secret::Copy(Filled(16));
  Bytes padded(crypto::PadmeSize(m.content.size()));
  Bytes out(padded.size() + 16);
  BareGcm gcm;
  Compare(
      state,
      [&] {
        benchmark::DoNotOptimize(crypto::SealBody(cek, *binding, m.content));
      },
      [&] {
        gcm.Seal(cek.bytes(), m.tag.bytes().first(12), binding->aad(), padded,
                 out.data());
      });
}

// Body and the wrap for one device. A wrap is one scalar multiplication for
// the ephemeral key and two for the shared secret.
void EncryptAndWrap(benchmark::State& state) {
  Message m(SizeOf(state));
  crypto::SystemRandom random;
  auto sender = KeyOf(1), device = KeyOf(2);
  Secret cek = Secret::Copy(Filled(16));
  auto encrypt = [&] {
    auto binding = crypto::BodyBinding::Create(crypto::Scheme::kWhole, 1, m.tag,
                                               kSender, kRoom);
    auto body = crypto::SealBody(cek, *binding, m.content);
    benchmark::DoNotOptimize(
        crypto::SealWrap(cek, device.public_key(), sender,
                         crypto::MakeWrapAad(*binding, *body), random));
  };
  Bytes padded(crypto::PadmeSize(m.content.size()));
  Bytes out(padded.size() + 16);
  BareGcm gcm;
  BareX25519 x25519;
  Compare(state, encrypt, [&] {
    gcm.Seal(cek.bytes(), m.tag.bytes().first(12), m.macced, padded,
             out.data());
    benchmark::DoNotOptimize(BareSha256(out));
    for (int i = 0; i < 3; ++i) benchmark::DoNotOptimize(x25519.Derive());
  });
}

// The MAC of a frank alone: rules, encoding, HMAC.
void FrankMac(benchmark::State& state) {
  Message m(100);
  BareHmac bare_key(Bytes(32, 1));
  crypto::HmacKey key(Bytes(32, 1));
  crypto::FrankContext context{kSender, kRoom, kNow};
  Compare(
      state,
      [&] {
        FRANK_CHECK(crypto::CheckContext(context).ok());
        benchmark::DoNotOptimize(
            crypto::ComputeServerFrank(key, m.tag, context));
      },
      [&] { benchmark::DoNotOptimize(bare_key.Mac(m.macced)); });
}

// What stamping one message adds to it, in the form none.
void StampMacOnly(benchmark::State& state) {
  Message m(100);
  BareHmac key(Bytes(32, 1));
  std::vector<crypto::StampInput> input = {{m.tag, kSender, kRoom, kNow}};
  Compare(
      state, [&] { benchmark::DoNotOptimize(crypto::Stamp(m.ring, input)); },
      [&] { benchmark::DoNotOptimize(key.Mac(m.macced)); });
}

// The MACs of many franks, so that what a call costs once is shared.
void StampMacOnly64(benchmark::State& state) {
  Message m(100);
  BareHmac key(Bytes(32, 1));
  std::vector<crypto::StampInput> input(64, {m.tag, kSender, kRoom, kNow});
  Compare(
      state, [&] { benchmark::DoNotOptimize(crypto::Stamp(m.ring, input)); },
      [&] {
        for (int i = 0; i < 64; ++i) {
          benchmark::DoNotOptimize(key.Mac(m.macced));
        }
      },
      64);
}

// 64 MACs, the 127 hashes of the tree, one signature.
void StampBatched64(benchmark::State& state) {
  Message m(100, FrankForm::kBatched);
  BareHmac key(Bytes(32, 1));
  BareEd25519 ed25519;
  Bytes node(65);
  std::vector<crypto::StampInput> input(64, {m.tag, kSender, kRoom, kNow});
  Compare(
      state, [&] { benchmark::DoNotOptimize(crypto::Stamp(m.ring, input)); },
      [&] {
        for (int i = 0; i < 64; ++i) {
          benchmark::DoNotOptimize(key.Mac(m.macced));
          benchmark::DoNotOptimize(BareSha256(m.macced));
          benchmark::DoNotOptimize(BareSha256(node));
        }
        benchmark::DoNotOptimize(ed25519.Sign(node));
      },
      64);
}

void VerifyReceived(benchmark::State& state, FrankForm form) {
  Message m(SizeOf(state), form);
  crypto::FrankFields fields = m.Fields();
  const auto& window = m.ring.windows()[0].window;
  BareEd25519 ed25519;
  auto signature = ed25519.Sign(m.macced);
  Compare(
      state,
      [&] {
        auto frank = crypto::ParseFrank(fields);
        FRANK_CHECK(
            frank.ok() &&
            crypto::VerifyIntegrity(*frank, window.form, window.key).ok() &&
            crypto::VerifyOpening(frank->tag, m.opening()).ok());
      },
      [&] {
        BareHmac key(m.salt);
        FRANK_CHECK(BareEquals(key.Mac(m.content), m.tag.bytes()));
        if (form != FrankForm::kNone) {
          FRANK_CHECK(ed25519.Verify(m.macced, signature));
        }
      });
}
void VerifyReceivedUnsigned(benchmark::State& state) {
  VerifyReceived(state, FrankForm::kNone);
}
void VerifyReceivedBatched(benchmark::State& state) {
  VerifyReceived(state, FrankForm::kBatched);
}

// Moderation's verdict, beyond HPKE and signature.
void JudgeUnsigned(benchmark::State& state) {
  Message m(SizeOf(state));
  crypto::FrankFields fields = m.Fields();
  crypto::KeyRings rings = *crypto::KeyRings::Create({m.ring});
  BareHmac hub_key(Bytes(32, 1));
  crypto::Opening opening = m.opening();
  Compare(
      state,
      [&] {
        FRANK_CHECK(crypto::Judge(fields, opening, rings)->verdict ==
                    crypto::Verdict::kProven);
      },
      [&] {
        FRANK_CHECK(BareEquals(hub_key.Mac(m.macced), m.frank.server_frank));
        BareHmac key(m.salt);
        FRANK_CHECK(BareEquals(key.Mac(m.content), m.tag.bytes()));
      });
}

void OpenReport(benchmark::State& state) {
  Bytes content = Filled(SizeOf(state));
  crypto::SystemRandom random;
  auto review = KeyOf(3);
  crypto::ReportBinding binding{ReviewKeyId(), ReportId(), kSender};
  Bytes sealed =
      *crypto::SealReport(review.public_key(), binding, content, random);
  BareGcm gcm;
  BareX25519 x25519;
  Bytes plain(sealed.size() - 48), key(16), nonce(12),
      again(sealed.size() - 32);
  gcm.Seal(key, nonce, {}, plain, again.data());
  Compare(
      state,
      [&] { FRANK_CHECK(crypto::OpenReport(review, binding, sealed).ok()); },
      [&] {
        benchmark::DoNotOptimize(x25519.Derive());
        gcm.Open(key, nonce, {}, again, plain.data());
      });
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("bytes")
      ->Arg(100)
      ->Arg(1'000)
      ->Arg(10'000)
      ->Arg(100'000)
      ->UseManualTime();
}
BENCHMARK(Commit)->Apply(Sizes);
BENCHMARK(EncryptBody)->Apply(Sizes);
BENCHMARK(EncryptAndWrap)->Apply(Sizes);
BENCHMARK(FrankMac)->UseManualTime();
BENCHMARK(StampMacOnly)->UseManualTime();
BENCHMARK(StampMacOnly64)->UseManualTime();
BENCHMARK(StampBatched64)->UseManualTime();
BENCHMARK(VerifyReceivedUnsigned)->Apply(Sizes);
BENCHMARK(VerifyReceivedBatched)->Apply(Sizes);
BENCHMARK(JudgeUnsigned)->Apply(Sizes);
BENCHMARK(OpenReport)->Apply(Sizes);

}  // namespace
}  // namespace frank::bench

BENCHMARK_MAIN();
