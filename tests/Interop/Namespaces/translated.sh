# A router, with a machine "inside" (10.0.0.2) behind its address translation and another "outside" (203.0.113.2).
# "port-restricted": what comes in from outside is let through where something went out to before.
# "endpoint-independent": what comes to the router's own address is let through from everybody.
set -e
ip link set lo up
# The namespaces live as long as these; they end with this script, whatever ends it.
setpriv --pdeathsig KILL unshare --net sleep 600 &
inside=$!
setpriv --pdeathsig KILL unshare --net sleep 600 &
outside=$!
for place in $inside $outside; do
  until [ "$(cat /proc/$place/comm)" = sleep ]; do sleep 0.02; done
done
ip link add inner type veth peer name eth0 netns $inside
ip link add outer type veth peer name eth0 netns $outside
ip addr add 10.0.0.1/24 dev inner
ip addr add 203.0.113.1/24 dev outer
ip link set inner up
ip link set outer up
nsenter --target $inside --net sh -ec 'ip link set lo up; ip addr add 10.0.0.2/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.0.1'
nsenter --target $outside --net sh -ec 'ip link set lo up; ip addr add 203.0.113.2/24 dev eth0; ip link set eth0 up'
echo 1 > /proc/sys/net/ipv4/ip_forward
nft add table ip nat
nft add chain ip nat out '{ type nat hook postrouting priority 100; }'
nft add rule ip nat out oifname outer masquerade
nft add chain ip nat in '{ type nat hook prerouting priority -100; }'
[ "$1" != endpoint-independent ] || nft add rule ip nat in iifname outer udp dport 1024-65535 dnat to 10.0.0.2
# It forgets who has sent nothing for so many seconds.
if [ -n "$2" ]; then
  echo "$2" > /proc/sys/net/netfilter/nf_conntrack_udp_timeout
  echo "$2" > /proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream
fi
echo "inside $inside"
echo "outside $outside"
echo ready
exec cat
