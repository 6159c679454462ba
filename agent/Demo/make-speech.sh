#!/bin/sh
# Makes the two voices of the demo: a visitor at the door and somebody indoors.
# Needs espeak-ng (1.51 was used) and sox (14.4.2 was used). The results are stored beside this script, so that a build needs neither.
# 8000 Hz, one channel, 16 bits: what G.711 carries. -D: no dither, so that the same tools give the same bytes.
set -eu
cd "$(dirname "$0")"

speak() { # file, voice, words a minute, pitch, text
    espeak-ng -v "$2" -s "$3" -p "$4" --stdout "$5" |
        sox -D -t wav - -r 8000 -c 1 -b 16 -e signed-integer "$1" gain -n -6 pad 0.2 0.2
}

speak visitor.wav en-gb 165 40 "Good evening, this is the delivery service at the front door."
speak indoors.wav en-us+f3 155 60 "Hello, one moment please, I will open the door for you."
