#!/bin/sh
# Installs MQTT clients of other makers into the folder $1, for the tests of the
# vehicles' door: Python's paho-mqtt and MQTT.js. One whose language is not on
# this machine is left out with a word.
set -eu
dir=$1
here=$(dirname "$0")
mkdir -p "$dir"
if command -v python3 >/dev/null 2>&1 && python3 -m pip --version >/dev/null 2>&1; then
	[ -d "$dir/python/paho" ] ||
		sh "$here/try-again.sh" python3 -m pip install -q --root-user-action=ignore --target "$dir/python" paho-mqtt==2.1.0
else
	echo "no pip: the tests leave paho-mqtt out" >&2
fi
if command -v npm >/dev/null 2>&1; then
	[ -d "$dir/node_modules/mqtt" ] ||
		sh "$here/try-again.sh" npm install --silent --no-audit --no-fund --prefix "$dir" mqtt@5
else
	echo "no npm: the tests leave MQTT.js out" >&2
fi
