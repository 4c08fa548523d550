package config

import (
	"strings"
	"time"
)

// gbt32960 checks the gateway of GB/T 32960.
func (v *check) gbt32960() {
	g := v.e.GBT32960
	if g.Addr != "" {
		v.require(hostPort(g.Addr), "gbt32960.addr", "%q: want HOST:PORT such as 127.0.0.1:32960, or empty for none", g.Addr)
		for key, other := range map[string]string{"http.addr": v.e.HTTP.Addr, "mqtt.addr": v.e.MQTT.Addr} {
			v.require(g.Addr != other || strings.HasSuffix(other, ":0"), "gbt32960.addr",
				"%q is %s as well: choose another port", g.Addr, key)
		}
	}
	v.require(g.IdleTimeout >= 10*time.Second && g.IdleTimeout <= 24*time.Hour, "gbt32960.idle_timeout",
		"%s: want 10s-24h", g.IdleTimeout)
	v.require(g.MaxConnections >= 1 && g.MaxConnections <= 1_000_000, "gbt32960.max_connections",
		"%d: want 1-1000000", g.MaxConnections)
	v.require(g.MaxFrame >= 64 && g.MaxFrame <= 65_556, "gbt32960.max_frame", "%d: want 64-65556 bytes", g.MaxFrame)
}
