package config

import (
	"time"

	"presage"
)

// Config is the whole configuration of the service. A field's key is the path
// of its yaml names; each comment ends with the default.
type Config struct {
	DataDir  string   `yaml:"data_dir"` // the embedded stores, the signing key, the lock; "presage-data"
	HTTP     HTTP     `yaml:"http"`
	MQTT     MQTT     `yaml:"mqtt"`
	Influx   Influx   `yaml:"influx"`
	Database Database `yaml:"database"`
	Ingest   Ingest   `yaml:"ingest"`
	Outreach Outreach `yaml:"outreach"`
	Twilio   Twilio   `yaml:"twilio"`
	Forecast Forecast `yaml:"forecast"`
	Schedule Schedule `yaml:"schedule"`
	Log      Log      `yaml:"log"`
}

// HTTP is where the API, the console and the booking pages are served.
type HTTP struct {
	Addr      string `yaml:"addr"`       // host:port to listen on; "127.0.0.1:8080"
	PublicURL string `yaml:"public_url"` // how customers reach it, for booking links; "" is http:// and Addr
	// AdminKey opens the console and the API, 16 characters or more. Default
	// "": open to this machine while Addr is a loopback address, shut otherwise.
	AdminKey presage.Secret `yaml:"admin_key"`
}

// MQTT is the broker that vehicles publish to.
type MQTT struct {
	// Broker is an external one: mqtt://, tcp:// or ws://HOST:PORT, and
	// mqtts://, ssl:// or wss:// for TLS. Default "": the embedded one.
	Broker   URL            `yaml:"broker"`
	Addr     string         `yaml:"addr"`      // host:port the embedded broker listens on; "127.0.0.1:1883"
	ClientID string         `yaml:"client_id"` // of the persistent session, one per process; "presage-ingest"
	Username string         `yaml:"username"`  // at an external broker; ""
	Password presage.Secret `yaml:"password"`  // at an external broker; ""
	// Open lets vehicles without a stored secret connect to the embedded
	// broker. Default: true when Addr is a loopback address, else false; true
	// elsewhere is a fault.
	Open bool `yaml:"open"`
}

// Influx is the external telemetry store.
type Influx struct {
	URL    URL            `yaml:"url"`    // http:// or https://; "" keeps telemetry in the embedded store
	Token  presage.Secret `yaml:"token"`  // API token; for InfluxDB 1.8 "user:password" or empty; ""
	Org    string         `yaml:"org"`    // organisation; InfluxDB 1.8 does not read it; "presage"
	Bucket string         `yaml:"bucket"` // bucket; for InfluxDB 1.8 "database/policy"; "presage"
	// Setup makes the bucket and what is below through the API of InfluxDB 2;
	// what the token or InfluxDB 1.8 does not allow is logged as commands. true
	Setup     bool          `yaml:"setup"`
	Retention time.Duration `yaml:"retention"` // how long the bucket keeps, whole hours; 0 for ever; 0
	// Downsample is the window of the means that a task keeps in a bucket of
	// its own, BUCKET_1h for 1h, whole minutes; 0 for none; 0
	Downsample          time.Duration `yaml:"downsample"`
	DownsampleRetention time.Duration `yaml:"downsample_retention"` // how long that one keeps; 0 for ever; 0
}

// Database is the relational store.
type Database struct {
	URL URL `yaml:"url"` // postgres://user:password@host/name, or sqlite:PATH; "" is SQLite in DataDir
}

// Ingest is how messages are gathered before they are written.
type Ingest struct {
	Batch   int           `yaml:"batch"`   // messages written at once at the most, 1-100000; 2000
	Linger  time.Duration `yaml:"linger"`  // how long a batch waits to fill, 1ms-10s; 10ms
	Unknown string        `yaml:"unknown"` // vehicles nobody registered: "register" or "reject"; "register"
}

// Outreach is when and how customers are written to.
type Outreach struct {
	QuietFrom int            `yaml:"quiet_from"` // customer's local hour from which nothing is sent, 0-23; 21
	QuietTo   int            `yaml:"quiet_to"`   // local hour until which nothing is sent, 0-23; 8. Equal: never quiet
	Cap       int            `yaml:"cap"`        // messages in 30 days at the most, safety apart, 0-100; 2
	HoldOut   float64        `yaml:"hold_out"`   // share not written to, to measure the effect, safety apart, 0-0.5; 0
	Key       presage.Secret `yaml:"key"`        // signs links, 32 characters or more; "" is made and kept in DataDir
	Channels  []string       `yaml:"channels"`   // tried in order: push, sms, call, outbox; ["outbox"]
}

// Twilio sends SMS when Outreach.Channels holds "sms".
type Twilio struct {
	AccountSID string         `yaml:"account_sid"` // "AC...", ""
	AuthToken  presage.Secret `yaml:"auth_token"`  // sends, and checks the signature of webhooks; ""
	From       string         `yaml:"from"`        // E.164 number or messaging service "MG..."; ""
	BaseURL    URL            `yaml:"base_url"`    // another address of the API, for a proxy or a test; "" is Twilio's own
}

// Forecast is how far parts are planned ahead.
type Forecast struct {
	HorizonDays  int     `yaml:"horizon_days"`  // days of demand forecast, 1-365; 30
	ServiceLevel float64 `yaml:"service_level"` // probability of no stock-out over a lead time, 0.5-0.9999; 0.95
	AutoOrder    bool    `yaml:"auto_order"`    // place purchase orders instead of only advising them; false
}

// Schedule is when the periodic work is done.
type Schedule struct {
	// ScoreEvery is how often vehicles with new data are scored, decided on
	// and planned for between the nights, 1s-24h; 1m.
	ScoreEvery time.Duration `yaml:"score_every"`

	ScoreAt Clock  `yaml:"score_at"` // local time of the nightly scoring, deciding and planning; "02:00"
	Zone    string `yaml:"zone"`     // IANA time zone of ScoreAt; "UTC"
}

// Log is what is written to standard error.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn or error; "info"
	Format string `yaml:"format"` // text or json; "text"
}

// Default returns the configuration that holds when nothing is said.
func Default() Config {
	return Config{
		DataDir:  "presage-data",
		HTTP:     HTTP{Addr: "127.0.0.1:8080"},
		MQTT:     MQTT{Addr: "127.0.0.1:1883", ClientID: "presage-ingest", Open: true},
		Influx:   Influx{Org: "presage", Bucket: "presage", Setup: true},
		Ingest:   Ingest{Batch: 2000, Linger: 10 * time.Millisecond, Unknown: "register"},
		Outreach: Outreach{QuietFrom: 21, QuietTo: 8, Cap: 2, Channels: []string{"outbox"}},
		Forecast: Forecast{HorizonDays: 30, ServiceLevel: 0.95},
		Schedule: Schedule{ScoreEvery: time.Minute, ScoreAt: 2 * 60, Zone: "UTC"},
		Log:      Log{Level: "info", Format: "text"},
	}
}
