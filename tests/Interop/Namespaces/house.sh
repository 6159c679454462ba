# One machine with an address on a network, alone there.
set -e
ip link set lo up
ip link add house type veth peer name neighbour
ip addr add 198.51.100.1/24 dev house
ip link set house up
ip link set neighbour up
ip route add default via 198.51.100.254
echo ready
exec cat
