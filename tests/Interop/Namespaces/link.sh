# A house with a registrar (10.0.0.1, the namespace of this script) and a door (10.0.0.2), with a cable between them: its end here is
# "house", and when that is down, the door's end carries no more.
set -e
ip link set lo up
setpriv --pdeathsig KILL unshare --net sleep 600 &
door=$!
until [ "$(cat /proc/$door/comm)" = sleep ]; do sleep 0.02; done
ip link add house type veth peer name eth0 netns $door
ip addr add 10.0.0.1/24 dev house
ip link set house up
nsenter --target $door --net sh -ec 'ip link set lo up; ip addr add 10.0.0.2/24 dev eth0; ip link set eth0 up'
echo "door $door"
echo ready
exec cat
