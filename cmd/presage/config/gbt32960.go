package config

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"presage"
)

// Networks are those of Allow; a bare address is a network of one.
func (g GBT32960) Networks() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range g.Allow {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(text); err == nil {
				p, err = addr.Prefix(addr.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w gbt32960.allow: %q: want a network such as 10.20.0.0/16, or an address",
				presage.ErrInvalid, text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// exposedGateway is for a gateway that others than this machine reach: the
// protocol has no password.
func (v *check) exposedGateway(g GBT32960) {
	v.require((g.TLSCert == "") == (g.TLSKey == ""), "gbt32960.tls_key",
		"gbt32960.tls_cert and gbt32960.tls_key go together")
	networks, err := g.Networks()
	if err != nil {
		_, problem, _ := strings.Cut(err.Error(), "gbt32960.allow: ")
		v.require(false, "gbt32960.allow", "%s", problem)
	}
	for _, p := range networks {
		v.require(p.Bits() > 0, "gbt32960.allow", "%q is everybody: say --insecure (gbt32960.insecure) if that is meant",
			p.String())
	}
	v.require(g.Addr == "" || !hostPort(g.Addr) || loopback(g.Addr) || g.TLSCert != "" || len(g.Allow) > 0 || g.Insecure,
		"gbt32960.addr", "%q is reachable from outside, and the protocol has no password: set gbt32960.tls_cert and "+
			"gbt32960.tls_key, or gbt32960.allow to the operator's network, or listen on 127.0.0.1 behind a proxy, "+
			"or say --insecure (gbt32960.insecure)", g.Addr)
}

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
	v.exposedGateway(g)
	v.require(g.IdleTimeout >= 10*time.Second && g.IdleTimeout <= 24*time.Hour, "gbt32960.idle_timeout",
		"%s: want 10s-24h", g.IdleTimeout)
	v.require(g.MaxConnections >= 1 && g.MaxConnections <= 1_000_000, "gbt32960.max_connections",
		"%d: want 1-1000000", g.MaxConnections)
	v.require(g.MaxFrame >= 64 && g.MaxFrame <= 65_556, "gbt32960.max_frame", "%d: want 64-65556 bytes", g.MaxFrame)
}
