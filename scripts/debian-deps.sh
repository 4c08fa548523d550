#!/bin/sh
# Installs what the integration tests start: Mosquitto and its clients, PostgreSQL, HAProxy, Chromium.
set -eu
missing=""
command -v mosquitto >/dev/null 2>&1 || [ -x /usr/sbin/mosquitto ] || missing="$missing mosquitto"
command -v mosquitto_pub >/dev/null 2>&1 || missing="$missing mosquitto-clients"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v haproxy >/dev/null 2>&1 || [ -x /usr/sbin/haproxy ] || missing="$missing haproxy"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
	echo "missing:$missing; install them with your package manager, or run as root on Debian" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# A machine that has just been booted may be updating itself, which holds apt's
# lock; a mirror that is being updated is asked again, from its index on.
apt="apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5"
exec sh "$(dirname "$0")/try-again.sh" \
	sh -c "$apt update && $apt install -y --no-install-recommends $missing >/dev/null"
