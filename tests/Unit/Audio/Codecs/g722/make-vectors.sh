#!/bin/sh
# Makes the vectors of G.722 with another implementation: ffmpeg (5.1.9 was used), on speech of espeak-ng (1.51) and sox (14.4.2). The
# results are stored beside this script, so that the tests need none of the three. Samples are 16-bit little-endian, 16 kHz.
# speech: what is said, at full scale, so that it clips here and there. speech-coded: its octets. speech-decoded: what these sound like.
# noise-decoded: what the octets of the linear congruence x = 1664525 x + 1013904223 sound like, 4000 of them, the highest octet of each x.
set -eu
cd "$(dirname "$0")"
raw="-f s16le -ar 16000"

espeak-ng -v en-gb -s 175 -p 45 --stdout "She sells sea shells." |
    sox -D -V1 -t wav - -r 16000 -c 1 -b 16 -e signed-integer -t raw speech.dat gain -n 1 trim 0 1
ffmpeg -v error -y $raw -ac 1 -i speech.dat -c:a g722 -f g722 speech-coded.dat
ffmpeg -v error -y -f g722 -i speech-coded.dat $raw speech-decoded.dat

awk 'BEGIN { x = 1; for (n = 0; n < 4000; n++) { x = (x * 1664525 + 1013904223) % 4294967296; printf "%02x", int(x / 16777216) } }' |
    xxd -r -p | ffmpeg -v error -y -f g722 -i - $raw noise-decoded.dat
