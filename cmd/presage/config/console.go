package config

import (
	"net/netip"
	"net/url"
	"strings"

	"presage/api/access"
)

// console checks where the console and the API are served, and that nobody
// reaches them from outside without a key of the operator's and TLS.
func (v *check) console(h HTTP) {
	v.require(hostPort(h.Addr), "http.addr", "%q: want HOST:PORT such as 127.0.0.1:8080", h.Addr)
	if h.AdminKey != "" {
		fault := access.KeyFault(h.AdminKey)
		v.require(fault == "", "http.admin_key", "%s", fault)
	}
	if h.PublicURL != "" {
		v.require(address(h.PublicURL, "http", "https"), "http.public_url",
			"%q: want http://HOST or https://HOST without a password", h.PublicURL)
		v.require(!strings.Contains(h.PublicURL, "@"), "http.public_url", "customers see it: take the user out of it")
	}
	v.require((h.TLSCert == "") == (h.TLSKey == ""), "http.tls_key", "http.tls_cert and http.tls_key go together")
	if h.MetricsAddr != "" {
		v.require(hostPort(h.MetricsAddr), "http.metrics_addr",
			"%q: want HOST:PORT such as 127.0.0.1:9464, or empty for none", h.MetricsAddr)
		v.require(h.MetricsAddr != h.Addr || strings.HasSuffix(h.Addr, ":0"), "http.metrics_addr",
			"%q is http.addr as well: choose another port", h.MetricsAddr)
	}
	v.exposed(h)
}

// exposed is for a service that others than this machine are to reach.
func (v *check) exposed(h HTTP) {
	outside := hostPort(h.Addr) && !loopback(h.Addr)
	public := address(h.PublicURL, "http", "https") && !LocalURL(h.PublicURL)
	v.require(h.AdminKey != "" || !outside && !public, "http.admin_key",
		"empty while others than this machine are to reach the service (http.addr %q, http.public_url %q): "+
			"make one with openssl rand -hex 16", h.Addr, h.PublicURL)
	v.require(!outside || h.TLSCert != "" || h.Insecure, "http.addr",
		"%q is reachable from outside without TLS: set http.tls_cert and http.tls_key, or listen on 127.0.0.1 behind "+
			"a proxy that speaks TLS, or say --insecure (http.insecure)", h.Addr)
	v.require(!public || strings.HasPrefix(h.PublicURL, "https://") || h.Insecure, "http.public_url",
		"%q is without TLS: want https://, or say --insecure (http.insecure)", h.PublicURL)
}

// LocalURL tells whether an address leads to this machine.
func LocalURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return strings.EqualFold(u.Hostname(), "localhost") || err == nil && ip.IsLoopback()
}
