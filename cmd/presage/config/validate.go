package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Validate checks every value and those that must agree with each other. The
// error is Errors with all of them, each by its key and with how to mend it.
func (c *Config) Validate() error {
	e := Effective{Config: *c}
	if faults := e.faults(); len(faults) > 0 {
		return faults
	}
	return nil
}

type check struct {
	e      *Effective
	faults Errors
}

// require notes a fault unless ok; text among args is shown masked.
func (v *check) require(ok bool, key, problem string, args ...any) {
	if ok {
		return
	}
	for i, arg := range args {
		if text, isText := arg.(string); isText {
			args[i] = maskText(text)
		}
	}
	v.faults = append(v.faults, Fault{Key: key, From: v.e.From(key), Problem: fmt.Sprintf(problem, args...)})
}

func (e *Effective) faults() Errors {
	v := check{e: e}
	v.require(strings.TrimSpace(e.DataDir) != "", "data_dir", "empty: name a directory for the embedded stores")
	v.masked()
	v.roles(v.e.Config)
	v.listeners()
	v.formats()
	v.gbt32960()
	v.stores()
	v.telemetry()
	v.bounds(e.Store)
	v.numbers()
	v.outreach()
	v.learned()
	v.words()
	_, err := e.Receivers()
	v.require(err == nil, "subscriptions", "%s: %v", e.Subscriptions, err)
	return v.faults
}

// masked refuses what `presage config` prints in a secret's place.
func (v *check) masked() {
	for _, f := range fields(&v.e.Config) {
		if s, ok := reflect.TypeAssert[presage.Secret](f.value); ok {
			v.require(s.Reveal() != "***", f.key, "is the masked form that `presage config` prints: put the secret itself")
		}
		if u, ok := reflect.TypeAssert[URL](f.value); ok {
			v.require(!strings.Contains(u.Reveal(), "***"), f.key,
				"holds the masked form that `presage config` prints: put the password itself")
		}
	}
}

func (v *check) listeners() {
	h, m := v.e.HTTP, v.e.MQTT
	v.console(h)
	if m.Broker != "" {
		v.require(address(m.Broker.Reveal(), "mqtt", "mqtts", "tcp", "ssl", "tls", "ws", "wss"), "mqtt.broker",
			"%q: want mqtt://HOST:PORT, mqtts:// for TLS, or empty for the embedded MQTT server", m.Broker)
	} else {
		v.require(hostPort(m.Addr), "mqtt.addr", "%q: want HOST:PORT such as 127.0.0.1:1883", m.Addr)
		v.require(!m.Open || loopback(m.Addr), "mqtt.open",
			"true while mqtt.addr %q is reachable from outside: leave it out and give vehicles secrets "+
				"(presage vehicles provision) or certificates (mqtt.tls_client_ca), or listen on 127.0.0.1", m.Addr)
		v.require(m.Addr != h.Addr || strings.HasSuffix(m.Addr, ":0"), "mqtt.addr",
			"%q is http.addr as well: choose another port", m.Addr)
	}
	v.credentials(m)
	v.require(m.SessionExpiry > 0 && time.Duration(m.SessionExpiry) <= 3650*day, "mqtt.session_expiry",
		"%s: want above 0 and at most 3650d", m.SessionExpiry)
	v.require(m.ReceiveMaximum >= 1 && m.ReceiveMaximum <= 65_535, "mqtt.receive_maximum",
		"%d: want 1-65535", m.ReceiveMaximum)
	for key, n := range map[string]int{
		"mqtt.connections": m.Connections, "mqtt.connections_per_address": m.ConnectionsPerAddress,
	} {
		v.require(n >= 1 && n <= 10_000_000, key, "%d: want 1-10000000", n)
	}
	v.require(m.ConnectionsPerVehicle >= 1 && m.ConnectionsPerVehicle <= 10_000, "mqtt.connections_per_vehicle",
		"%d: want 1-10000", m.ConnectionsPerVehicle)
	v.require(m.ClientID != "", "mqtt.client_id", "empty: a persistent session needs a name that stays the same")
	v.share(v.e.Config)
}

// credentials are how the embedded MQTT server tells vehicles apart.
func (v *check) credentials(m MQTT) {
	v.require((m.TLSCert == "") == (m.TLSKey == ""), "mqtt.tls_key", "mqtt.tls_cert and mqtt.tls_key go together")
	v.require(m.TLSClientCA == "" || m.TLSCert != "", "mqtt.tls_client_ca",
		"set without mqtt.tls_cert: client certificates are shown over TLS alone")
	v.require(m.Broker == "" || m.TLSCert == "", "mqtt.tls_cert",
		"is the embedded MQTT server's, and mqtt.broker names an external one: set up TLS there, or leave mqtt.broker empty")
	v.require(m.SecretCost >= 4 && m.SecretCost <= 14, "mqtt.secret_cost", "%d: want a bcrypt cost of 4-14", m.SecretCost)
}

func (v *check) stores() {
	if i := v.e.Influx; i.URL != "" {
		v.require(address(i.URL.Reveal(), "http", "https"), "influx.url",
			"%q: want http://HOST:PORT or https://HOST, or empty for the embedded store", i.URL)
		v.require(i.Bucket != "", "influx.bucket", `empty while influx.url is set: a bucket, or "database/policy" for 1.8`)
	}
	i := v.e.Influx
	v.require(whole(i.Retention, time.Hour), "influx.retention",
		"%s: want whole hours such as 9600h, 0 for ever", i.Retention)
	v.require(whole(i.Downsample, time.Minute), "influx.downsample",
		"%s: want whole minutes such as 1h, 0 for none", i.Downsample)
	v.require(whole(i.DownsampleRetention, time.Hour), "influx.downsample_retention",
		"%s: want whole hours, 0 for ever", i.DownsampleRetention)
	db := v.e.Database.URL.Reveal()
	ok := db == "" || strings.HasPrefix(db, "sqlite:") || address(db, "postgres", "postgresql") ||
		!strings.ContainsAny(db, "=") && !strings.Contains(db, "://")
	v.require(ok, "database.url",
		"want postgres://USER:PASSWORD@HOST/NAME (escape special characters in the password as %%XX), "+
			"sqlite:PATH, or empty for SQLite in data_dir")
}

// telemetry holds the keys against the store that they are for.
func (v *check) telemetry() {
	c := v.e.Config
	outside := c.Influx.URL != ""
	v.require(c.Ingest.Spool == 0 || outside, "ingest.spool",
		"%s while influx.url is empty: the embedded store is in this process and cannot be away", c.Ingest.Spool.String())
	v.require(c.Ingest.Spool == 0 || c.Ingest.Spool >= 64<<20, "ingest.spool",
		"%s: want 0 or at least 64MiB", c.Ingest.Spool.String())
	v.require(c.Store.Retention == 0 || !outside, "store.retention",
		"%s while influx.url is set: set the retention of the bucket in InfluxDB", c.Store.Retention.String())
	v.require(c.Store.Retention == 0 || c.Store.Retention >= Age(day), "store.retention",
		"%s: want 0 or at least 1d", c.Store.Retention.String())
}

func (v *check) numbers() {
	c := v.e.Config
	v.require(c.Ingest.Batch >= 1 && c.Ingest.Batch <= 100000, "ingest.batch",
		"%d: want 1-100000 messages", c.Ingest.Batch)
	v.require(c.Ingest.Linger >= 100*time.Microsecond && c.Ingest.Linger <= 10*time.Second, "ingest.linger",
		"%s: want 100us-10s", c.Ingest.Linger)
	v.edge(c.Ingest)
	v.require(c.Drain >= 0 && c.Drain <= 10*time.Minute, "drain", "%s: want 0s-10m", c.Drain)
	v.require(c.Outreach.QuietFrom >= 0 && c.Outreach.QuietFrom <= 23, "outreach.quiet_from",
		"%d: want an hour of 0-23", c.Outreach.QuietFrom)
	v.require(c.Outreach.QuietTo >= 0 && c.Outreach.QuietTo <= 23, "outreach.quiet_to",
		"%d: want an hour of 0-23", c.Outreach.QuietTo)
	v.require(c.Outreach.Cap >= 0 && c.Outreach.Cap <= 100, "outreach.cap",
		"%d: want 0-100 messages in 30 days", c.Outreach.Cap)
	v.require(c.Outreach.HoldOut >= 0 && c.Outreach.HoldOut <= 0.5, "outreach.hold_out",
		"%g: want a share of 0-0.5", c.Outreach.HoldOut)
	v.require(c.Schedule.ScoreEvery >= time.Second && c.Schedule.ScoreEvery <= 24*time.Hour, "schedule.score_every",
		"%s: want 1s-24h", c.Schedule.ScoreEvery)
	v.forecast(c.Forecast)
}

// forecast is how parts are planned.
func (v *check) forecast(f Forecast) {
	v.require(f.HorizonDays >= 1 && f.HorizonDays <= 365, "forecast.horizon_days", "%d: want 1-365 days", f.HorizonDays)
	for _, days := range f.Horizons {
		v.require(days >= 1 && days <= 365, "forecast.horizons", "%d: want 1-365 days each", days)
	}
	v.require(len(f.Horizons) <= 12, "forecast.horizons", "%d of them: want 12 at the most", len(f.Horizons))
	v.require(slices.Contains([]string{"service_level", "fill_rate", "newsvendor"}, f.Policy), "forecast.policy",
		"%q: want service_level, fill_rate or newsvendor", f.Policy)
	v.require(f.ServiceLevel >= 0.5 && f.ServiceLevel <= 0.9999, "forecast.service_level",
		"%g: want a probability of 0.5-0.9999", f.ServiceLevel)
	v.require(f.FillRate >= 0.5 && f.FillRate <= 0.9999, "forecast.fill_rate",
		"%g: want a share of 0.5-0.9999", f.FillRate)
	v.require(f.HoldingCost >= 0.01 && f.HoldingCost <= 10, "forecast.holding_cost",
		"%g: want 0.01-10 times the price a year", f.HoldingCost)
	v.require(f.ShortageCost >= 1e-4 && f.ShortageCost <= 100, "forecast.shortage_cost",
		"%g: want 0.0001-100 times the price a day", f.ShortageCost)
}

// bounds are those of every store.
func (v *check) bounds(s Store) {
	const most = 100_000
	v.require(s.NamesPerVehicle >= 1 && s.NamesPerVehicle <= most, "store.names_per_vehicle",
		"%d: want 1-%d names", s.NamesPerVehicle, most)
	v.require(s.NamesTotal >= s.NamesPerVehicle && s.NamesTotal <= most, "store.names_total",
		"%d: want store.names_per_vehicle (%d) to %d names", s.NamesTotal, s.NamesPerVehicle, most)
	v.require(s.Reserve >= 0 && s.Reserve <= 1<<40, "store.reserve", "%s: want 0-1TiB", s.Reserve.String())
}

// edge is what one vehicle may do, and when it is missed.
func (v *check) edge(i Ingest) {
	v.require(i.RatePerVehicle >= 0 && i.RatePerVehicle <= 1e6, "ingest.rate_per_vehicle",
		"%g: want 0-1000000 messages a second, 0 for no limit", i.RatePerVehicle)
	v.require(i.RateBurst >= 1 && i.RateBurst <= 1e7, "ingest.rate_burst", "%d: want 1-10000000 messages", i.RateBurst)
	v.require(i.HeldPerVehicle >= 1 && i.HeldPerVehicle <= 1e9, "ingest.held_per_vehicle",
		"%d: want 1-1000000000 messages", i.HeldPerVehicle)
	v.require(i.HeldTotal >= i.HeldPerVehicle && i.HeldTotal <= 1e9, "ingest.held_total",
		"%d: want ingest.held_per_vehicle (%d) to 1000000000 messages", i.HeldTotal, i.HeldPerVehicle)
	v.require(i.MaxPayload >= 64<<10 && i.MaxPayload <= 16<<20, "ingest.max_payload",
		"%s: want 64KiB-16MiB", i.MaxPayload.String())
	oldest, err := i.OldestTime()
	v.require(err == nil && oldest.Unix() >= 0, "ingest.oldest", "%q: want a day such as 2016-01-01", i.Oldest)
	v.require(i.RegisterTotal >= 1 && i.RegisterTotal <= 1e7, "ingest.register_total",
		"%d: want 1-10000000 vehicles", i.RegisterTotal)
	v.require(i.HTTPBody >= 64<<10 && i.HTTPBody <= 64<<20, "ingest.http_body",
		"%s: want 64KiB-64MiB", i.HTTPBody.String())
	v.require(i.SilentAfter == 0 || i.SilentAfter >= time.Minute && i.SilentAfter <= 87600*time.Hour,
		"ingest.silent_after", "%s: want 1m-87600h, or 0 for never", i.SilentAfter)
}

func (v *check) words() {
	c := v.e.Config
	oneOf := func(key, value string, words ...string) {
		v.require(slices.Contains(words, value), key, "%q: want %s", value, strings.Join(words, " or "))
	}
	oneOf("ingest.unknown", c.Ingest.Unknown, "register", "reject", "quarantine")
	oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	oneOf("log.format", c.Log.Format, "text", "json")
	_, err := time.LoadLocation(c.Schedule.Zone)
	v.require(err == nil && c.Schedule.Zone != "", "schedule.zone",
		"%q: want an IANA time zone such as UTC or Asia/Shanghai", c.Schedule.Zone)
}

// whole accepts 0 and multiples of unit.
func whole(d, unit time.Duration) bool { return d >= 0 && d%unit == 0 }

// hostPort accepts "host:port" and ":port" with a numeric port, 0 for any free one.
func hostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// loopback tells whether only this machine can reach a listener on addr.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func address(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}
