// A sound card that is a clock and nothing else, as a plug-in of ALSA: what its microphone hears is a short burst about twice a second, and
// what its loudspeaker plays is looked through for them. Both halves move exactly with the machine's monotonic clock, so that who uses the
// card is measured, and no card. It starts no thread. To the file that its configuration names as `log` it appends, in seconds of
// CLOCK_MONOTONIC,
//   said T      when a burst began at the microphone
//   heard T     when one began at the loudspeaker
//   started T   when the loudspeaker was started, which it is again each time that it has run dry
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <math.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>

typedef struct {
  snd_pcm_ioplug_t io;
  FILE *log;
  double started;
  int running;
  // Frames that the program has read or written since the start.
  int64_t passed;
  double quiet_until;
} card_t;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int is_playback(const card_t *card) { return card->io.stream == SND_PCM_STREAM_PLAYBACK; }

// Frames of time since the start.
static int64_t frames_since_start(const card_t *card) { return (int64_t)((now() - card->started) * card->io.rate); }

// Where in its window of 450 ms the burst begins: in any place of a packet, and no multiple of anything.
static double burst_of(int64_t window) {
  uint64_t mixed = (uint64_t)window * 0x9E3779B97F4A7C15u;
  mixed ^= mixed >> 29;
  return window * 0.45 + (mixed % 200000) / 1e6;
}

// Five milliseconds of 1 kHz.
static int16_t sound_at(double moment) {
  double since = moment - burst_of((int64_t)floor(moment / 0.45));
  return since < 0 || since >= 0.005 ? 0 : (int64_t)(since * 2000) % 2 == 0 ? 12000 : -12000;
}

static int card_start(snd_pcm_ioplug_t *io) {
  card_t *card = io->private_data;
  card->started = now();
  card->running = 1;
  if (is_playback(card)) {
    fprintf(card->log, "started %.6f\n", card->started);
  }
  double period = (double)io->period_size / io->rate, first = card->started + period;
  struct itimerspec spec = {
    .it_interval = {.tv_nsec = (long)(period * 1e9)},
    .it_value = {.tv_sec = (time_t)first, .tv_nsec = (long)((first - floor(first)) * 1e9)}};
  return timerfd_settime(io->poll_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static int card_stop(snd_pcm_ioplug_t *io) {
  card_t *card = io->private_data;
  struct itimerspec none = {0};
  card->running = 0;
  return timerfd_settime(io->poll_fd, 0, &none, NULL);
}

static int card_prepare(snd_pcm_ioplug_t *io) {
  card_t *card = io->private_data;
  card->passed = 0;
  return 0;
}

static snd_pcm_sframes_t card_pointer(snd_pcm_ioplug_t *io) {
  card_t *card = io->private_data;
  if (!card->running) {
    return 0;
  }
  int64_t frames = frames_since_start(card);
  int64_t ahead = is_playback(card) ? card->passed - frames : frames - card->passed;
  return ahead < 0 ? -EPIPE : !is_playback(card) && ahead > (int64_t)io->buffer_size ? -EPIPE : frames % (int64_t)io->buffer_size;
}

static snd_pcm_sframes_t card_transfer(
  snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
  card_t *card = io->private_data;
  for (snd_pcm_uframes_t frame = 0; frame < size; frame++, card->passed++) {
    double moment = card->started + (double)card->passed / io->rate;
    int16_t sound = is_playback(card) ? 0 : sound_at(moment);
    for (unsigned channel = 0; channel < io->channels; channel++) {
      int16_t *sample =
        (int16_t *)((char *)areas[channel].addr + (areas[channel].first + (offset + frame) * areas[channel].step) / 8);
      if (is_playback(card)) {
        sound = *sample;
      } else {
        *sample = sound;
      }
    }
    if (abs(sound) > 2000) {
      // What was written before the start begins with it; there is no burst in it.
      if (moment > card->quiet_until && card->running) {
        fprintf(card->log, "%s %.6f\n", is_playback(card) ? "heard" : "said", moment);
      }
      card->quiet_until = moment + 0.1;
    }
  }
  return size;
}

static int card_poll(snd_pcm_ioplug_t *io, struct pollfd *descriptors, unsigned count, unsigned short *events) {
  uint64_t expirations;
  (void)count;
  if (descriptors[0].revents & POLLIN) {
    (void)!read(io->poll_fd, &expirations, sizeof expirations);
  }
  card_t *card = io->private_data;
  int64_t frames = frames_since_start(card);
  int64_t ready = is_playback(card) ? (int64_t)io->buffer_size - (card->passed - frames) : frames - card->passed;
  *events = card->running && ready < (int64_t)io->period_size ? 0 : is_playback(card) ? POLLOUT : POLLIN;
  return 0;
}

static int card_close(snd_pcm_ioplug_t *io) {
  card_t *card = io->private_data;
  close(io->poll_fd);
  fclose(card->log);
  free(card);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
  .start = card_start,
  .stop = card_stop,
  .prepare = card_prepare,
  .pointer = card_pointer,
  .transfer = card_transfer,
  .poll_revents = card_poll,
  .close = card_close,
};

SND_PCM_PLUGIN_DEFINE_FUNC(burst) {
  (void)root;
  snd_config_t *entry;
  const char *log;
  if (snd_config_search(conf, "log", &entry) < 0 || snd_config_get_string(entry, &log) < 0) {
    return -EINVAL;
  }
  card_t *card = calloc(1, sizeof *card);
  if (!card || !(card->log = fopen(log, "a"))) {
    free(card);
    return -ENOENT;
  }
  card->io.version = SND_PCM_IOPLUG_VERSION;
  card->io.name = "bursts";
  card->io.callback = &callbacks;
  card->io.private_data = card;
  card->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  card->io.poll_events = POLLIN;
  setvbuf(card->log, NULL, _IOLBF, 4096);
  int error = snd_pcm_ioplug_create(&card->io, name, stream, mode);
  if (error < 0) {
    card_close(&card->io);
    return error;
  }
  static const unsigned accesses[] = {SND_PCM_ACCESS_RW_INTERLEAVED}, formats[] = {SND_PCM_FORMAT_S16_LE};
  snd_pcm_ioplug_set_param_list(&card->io, SND_PCM_IOPLUG_HW_ACCESS, 1, accesses);
  snd_pcm_ioplug_set_param_list(&card->io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
  snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_CHANNELS, 1, 2);
  snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_RATE, 8000, 48000);
  snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 32768);
  snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_PERIODS, 2, 64);
  *pcmp = card->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_SYMBOL(burst);
