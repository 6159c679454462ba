// What the audio processing module of WebRTC makes of a recording: webrtc-echo RATE MICROPHONE PLAYED SENT
// The files hold 16-bit samples; what was played is in step with the microphone. Prints the microseconds of processor time that a period of
// 10 ms took.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include <webrtc/modules/audio_processing/include/audio_processing.h>
#include <webrtc/modules/interface/module_common_types.h>

namespace {

// The module expects a device with some delay: it is told of one, and given what was played as much earlier.
constexpr int kDelayMilliseconds = 40;

std::vector<int16_t> Read(const char* path) {
  std::vector<int16_t> samples;
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) {
    std::perror(path);
    std::exit(1);
  }

  int16_t sample;
  while (std::fread(&sample, sizeof sample, 1, file) == 1) {
    samples.push_back(sample);
  }

  std::fclose(file);
  return samples;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: webrtc-echo RATE MICROPHONE PLAYED SENT\n");
    return 2;
  }

  const int rate = std::atoi(arguments[1]);
  std::vector<int16_t> microphone = Read(arguments[2]);
  std::vector<int16_t> played = Read(arguments[3]);
  const int period = rate / 100;
  const int early = rate * kDelayMilliseconds / 1000;
  played.resize(microphone.size() + early + period);

  webrtc::Config options;
  options.Set<webrtc::ExtendedFilter>(new webrtc::ExtendedFilter(true));
  std::unique_ptr<webrtc::AudioProcessing> processing(webrtc::AudioProcessing::Create(options));
  processing->high_pass_filter()->Enable(true);
  processing->echo_cancellation()->enable_drift_compensation(false);
  processing->echo_cancellation()->set_suppression_level(webrtc::EchoCancellation::kModerateSuppression);
  processing->echo_cancellation()->Enable(true);
  processing->noise_suppression()->set_level(webrtc::NoiseSuppression::kModerate);
  processing->noise_suppression()->Enable(true);

  webrtc::AudioFrame near;
  webrtc::AudioFrame far;
  near.sample_rate_hz_ = far.sample_rate_hz_ = rate;
  near.num_channels_ = far.num_channels_ = 1;
  near.samples_per_channel_ = far.samples_per_channel_ = period;
  const std::clock_t started = std::clock();
  size_t periods = 0;
  for (size_t first = 0; first + period <= microphone.size(); first += period, periods++) {
    for (int index = 0; index < period; index++) {
      far.data_[index] = played[first + early + index];
      near.data_[index] = microphone[first + index];
    }

    processing->ProcessReverseStream(&far);
    processing->set_stream_delay_ms(kDelayMilliseconds);
    processing->ProcessStream(&near);
    for (int index = 0; index < period; index++) {
      microphone[first + index] = near.data_[index];
    }
  }

  const double seconds = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  std::FILE* file = std::fopen(arguments[4], "wb");
  if (file == nullptr || std::fwrite(microphone.data(), sizeof(int16_t), microphone.size(), file) != microphone.size()) {
    std::perror(arguments[4]);
    return 1;
  }

  std::fclose(file);
  std::printf("%.2f\n", seconds * 1e6 / periods);
  return 0;
}
