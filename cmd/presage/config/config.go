package config

import (
	"time"

	"presage"
)

// Config is the whole configuration of the service. A field's key is the path
// of its yaml names; each comment ends with the default.
type Config struct {
	DataDir  string   `yaml:"data_dir"` // the embedded stores, the keys, the lock; "presage-data"
	HTTP     HTTP     `yaml:"http"`
	MQTT     MQTT     `yaml:"mqtt"`
	Influx   Influx   `yaml:"influx"`
	Database Database `yaml:"database"`
	Store    Store    `yaml:"store"`
	Backup   Backup   `yaml:"backup"`
	Ingest   Ingest   `yaml:"ingest"`
	GBT32960 GBT32960 `yaml:"gbt32960"`
	Outreach Outreach `yaml:"outreach"`
	Twilio   Twilio   `yaml:"twilio"`
	FCM      FCM      `yaml:"fcm"`
	Webhook  Webhook  `yaml:"webhook"`
	Mail     Mail     `yaml:"mail"`
	Forecast Forecast `yaml:"forecast"`
	Models   Models   `yaml:"models"`
	Schedule Schedule `yaml:"schedule"`
	Log      Log      `yaml:"log"`

	// Drain is how long /readyz says "not ready" at the end before anything closes, so
	// that a load balancer sends nothing new, 0-10m; 0s.
	Drain time.Duration `yaml:"drain"`
	// Roles are what this process does: ingest, score, outreach, forecast, api. Less
	// than all of them needs processes that do the rest, on the same PostgreSQL and
	// InfluxDB; all.
	Roles []string `yaml:"roles"`
	// Catalogue is a YAML file of components, parts and watch rules that replace
	// the embedded ones by their id, or are added; "".
	Catalogue string `yaml:"catalogue"`
	// Subscriptions is a YAML file of receivers of changes, kept at each start as by
	// PUT /v1/subscriptions; see docs/dealer.md. What it does not name stays; "".
	Subscriptions string `yaml:"subscriptions"`
}

// HTTP is where the API, the console and the booking pages are served.
type HTTP struct {
	Addr      string `yaml:"addr"`       // host:port to listen on; "127.0.0.1:8080"
	PublicURL string `yaml:"public_url"` // how customers reach it, for booking links; "" is http:// and Addr
	// AdminKey opens the console and the API: 16 characters or more, and not
	// easily guessed. Default "": one is made at the first start and kept in
	// DataDir; `presage key` prints it. Needed as soon as others than this
	// machine are to reach the service.
	AdminKey presage.Secret `yaml:"admin_key"`
	// TLSCert and TLSKey (PEM files) make the service speak HTTPS alone; they
	// are read again within a minute when they change. Default "": plain.
	TLSCert string `yaml:"tls_cert"`
	TLSKey  string `yaml:"tls_key"`
	// Insecure lets Addr be reachable from outside, and PublicURL be http://,
	// without TLS: keys and cookies can be read on the way; false.
	Insecure bool `yaml:"insecure"`
	// MetricsAddr is host:port of a listener that serves /metrics without a key
	// and nothing else, such as 127.0.0.1:9464; "" is none: /metrics needs the key.
	MetricsAddr string `yaml:"metrics_addr"`
}

// MQTT is the broker that vehicles publish to.
type MQTT struct {
	// Broker is an external one: mqtt://, tcp:// or ws://HOST:PORT, and
	// mqtts://, ssl:// or wss:// for TLS. Default "": the embedded one.
	Broker   URL    `yaml:"broker"`
	Addr     string `yaml:"addr"`      // host:port the embedded server listens on; "127.0.0.1:1883"
	ClientID string `yaml:"client_id"` // of the persistent session, one per process; "presage-ingest"
	// Share is the group in which several processes, each with its own client_id,
	// share out what an external broker has: $share/GROUP/... Default "": this
	// process gets everything.
	Share string `yaml:"share"`
	// JetStream are nodes of a NATS cluster whose MQTT gateway Broker is, such as
	// "nats://a:4222,nats://b:4222", tls:// for TLS. Messages are pulled from its
	// stream, by one consumer for all processes that is named by Share, "presage"
	// if that is empty. Default "": Broker is subscribed to.
	JetStream URL            `yaml:"jetstream"`
	Username  string         `yaml:"username"` // at an external broker; ""
	Password  presage.Secret `yaml:"password"` // at an external broker; ""
	// Open lets vehicles without a stored secret connect to the embedded
	// broker. Default: true when Addr is a loopback address, else false; true
	// elsewhere is a fault.
	Open bool `yaml:"open"`
	// Gateways are the embedded server's accounts of servers that publish for
	// many vehicles: a list of username, password and topics; [].
	Gateways Gateways `yaml:"gateways"`
	// SessionExpiry is how long the embedded server keeps a vehicle's
	// subscription without a connection, e.g. "7d" or "36h"; 7d.
	SessionExpiry Age `yaml:"session_expiry"`
	// ReceiveMaximum is how many messages one connection to the embedded server
	// may have on their way to the store, 1-65535; 1024.
	ReceiveMaximum int `yaml:"receive_maximum"`
	// Connections, ConnectionsPerAddress and ConnectionsPerVehicle bound those
	// that stand at the same time; 100000, 20000 and 8.
	Connections           int `yaml:"connections"`
	ConnectionsPerAddress int `yaml:"connections_per_address"`
	ConnectionsPerVehicle int `yaml:"connections_per_vehicle"`
	// TLSCert and TLSKey (PEM files) make the embedded server speak TLS alone;
	// they are read again within a minute when they change. Default "": plain.
	TLSCert string `yaml:"tls_cert"`
	TLSKey  string `yaml:"tls_key"`
	// TLSClientCA (PEM file) holds the authorities whose client certificates
	// prove a vehicle's VIN: as common name, SAN URI urn:vin:VIN or first label
	// of a SAN DNS name. Default "": secrets alone.
	TLSClientCA string `yaml:"tls_client_ca"`
	// SecretCost is bcrypt's cost for new secrets, 4-14: each step doubles what
	// a first login after a start costs. Secrets are 160 random bits, so that a
	// large fleet may well take 6; 10.
	SecretCost int `yaml:"secret_cost"`
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

// Store is the embedded telemetry store, and what bounds every store.
type Store struct {
	// Retention is for how long telemetry is kept, in whole days, e.g. "400d";
	// older days go once a night. Roll-ups and prognoses stay. "0d" keeps all;
	// with influx.url the bucket's own retention decides.
	Retention Age `yaml:"retention"`
	// NamesPerVehicle and NamesTotal bound the signal names that are not in the
	// signal table: those that one vehicle sent first, 1-100000, and those of all
	// vehicles, up to 100000. Readings under further names are counted and not
	// stored; 1000 and 50000.
	NamesPerVehicle int `yaml:"names_per_vehicle"`
	NamesTotal      int `yaml:"names_total"`
	// Reserve is how much of the disk stays free, 0 for none: below it nothing
	// is acknowledged, and on again by itself when there is room; "256MiB".
	Reserve Size `yaml:"reserve"`
}

// Backup is where a running service writes backups.
type Backup struct {
	Dir string `yaml:"dir"` // each backup is a folder below; "" refuses backups through the API
}

// Ingest is how messages are gathered before they are written.
type Ingest struct {
	Batch int `yaml:"batch"` // messages written at once at the most, 1-100000; 5000
	// Linger is how long a batch waits to fill while the store is idle, 100us-10s.
	// Default: 200us with the embedded server, where vehicles wait for each
	// acknowledgement, 10ms with an external broker.
	Linger  time.Duration `yaml:"linger"`
	Unknown string        `yaml:"unknown"` // vehicles nobody registered: "register", "reject" or "quarantine"; "register"
	// RegisterTotal is how many vehicles may register themselves, 1-10000000;
	// beyond it vehicles are dead letters as with "reject"; 100000.
	RegisterTotal int `yaml:"register_total"`

	// MaxPayload is the largest payload taken in, as sent and after gunzip,
	// 64KiB-16MiB; a larger one is acknowledged and becomes a dead letter
	// too_large, which tells its size and keeps its first 4 KiB; "4MiB".
	MaxPayload Size `yaml:"max_payload"`
	// Oldest is the earliest day that telemetry may be of, YYYY-MM-DD, from 1970
	// on: what is before comes of a clock that was never set and becomes a dead
	// letter missing_time; "2016-01-01".
	Oldest string `yaml:"oldest"`
	// ClockHold lets messages that are more than 5 minutes in the future wait,
	// unacknowledged, while most vehicles say that this machine's clock is behind
	// (/readyz says so); false makes dead letters of them at once; true
	ClockHold bool `yaml:"clock_hold"`

	// Formats are the foreign formats that are read besides the native one:
	// tesla (fleet-telemetry's MQTT dispatcher), ovms (OVMS server v3), gbt32960
	// (EMQX's JSON of it), and the mappings that come with Presage: wican, torque; [].
	Formats []string `yaml:"formats"`
	// Mappings are YAML files that say which member of a logger's JSON is which
	// signal: see docs/formats.md; [].
	Mappings  []string `yaml:"mappings"`
	TeslaBase string   `yaml:"tesla_base"` // "topic_base" of Tesla's dispatcher; "telemetry"
	// OVMSUsers tell which vehicle a user name of OVMS modules belongs to, each
	// NAME=VIN, where an external broker's users are not named by their VIN; [].
	OVMSUsers []string `yaml:"ovms_users"`
	// Spool is how much telemetry is kept, synced, in data_dir and acknowledged
	// while InfluxDB is away, at least 64MiB; at the bound acknowledgements stop.
	// "0": they stop at once, and vehicles or an external broker hold. Default:
	// "10GiB" when Influx.URL is set and MQTT.Broker is not, else "0".
	Spool Size `yaml:"spool"`

	// RatePerVehicle is how many messages a second one vehicle may send in the
	// long run, 0-1000000, 0 for no limit. Default: 0 while MQTT.Open lets
	// anybody on this machine in, else 50. RateBurst is how many at once, after
	// a night in a garage, 1-10000000; 5000. What is beyond becomes dead letters
	// rate_limited.
	RatePerVehicle float64 `yaml:"rate_per_vehicle"`
	RateBurst      int     `yaml:"rate_burst"`
	// HeldPerVehicle and HeldTotal bound the open dead letters, each reason by
	// itself, in messages of 16 KiB; what is beyond is counted, told and not
	// kept. 1-1000000000; 1000 and 100000.
	HeldPerVehicle int `yaml:"held_per_vehicle"`
	HeldTotal      int `yaml:"held_total"`
	// HTTPBody bounds a body of POST /v1/telemetry, as sent and after gunzip,
	// 64KiB-64MiB; sixteen of them are held at the same time; "4MiB".
	HTTPBody Size `yaml:"http_body"`
	// SilentAfter is when a vehicle counts as not heard from unless it has an
	// expected interval of its own, 1m-87600h, 0 for never; 72h.
	SilentAfter time.Duration `yaml:"silent_after"`
}

// GBT32960 is the TCP gateway for terminals of Chinese electric cars.
type GBT32960 struct {
	// Addr is host:port to listen on; "" is no gateway. The protocol has no
	// password: an address that is reachable from outside needs TLSCert, Allow
	// or Insecure.
	Addr string `yaml:"addr"`
	// TLSCert and TLSKey (PEM files) make the gateway speak TLS alone; they are
	// read again within a minute when they change. Default "": plain.
	TLSCert string `yaml:"tls_cert"`
	TLSKey  string `yaml:"tls_key"`
	// Allow are the networks that terminals come from, such as 10.20.0.0/16;
	// others are closed at once. Default []: all.
	Allow []string `yaml:"allow"`
	// Insecure lets everybody reach the gateway, who can claim to be any
	// vehicle; false.
	Insecure       bool          `yaml:"insecure"`
	IdleTimeout    time.Duration `yaml:"idle_timeout"`    // closes a silent connection, 10s-24h; 5m
	MaxConnections int           `yaml:"max_connections"` // at the same time, 1-1000000; 10000
	MaxFrame       int           `yaml:"max_frame"`       // bytes of a frame, 64-65556; 65556
}

// Outreach is when and how customers are written to.
type Outreach struct {
	QuietFrom int            `yaml:"quiet_from"` // customer's local hour from which nothing is sent, 0-23; 21
	QuietTo   int            `yaml:"quiet_to"`   // local hour until which nothing is sent, 0-23; 8. Equal: never quiet
	Cap       int            `yaml:"cap"`        // messages in 30 days at the most, safety apart, 0-100; 2
	HoldOut   float64        `yaml:"hold_out"`   // share not written to, to measure the effect, safety apart, 0-0.5; 0
	Key       presage.Secret `yaml:"key"`        // signs links, 32 characters or more; "" is made and kept in DataDir
	Brand     string         `yaml:"brand"`      // signs texts, in zh as 【brand】: the signature at the carrier; "Presage"
	Brands    []string       `yaml:"brands"`     // MAKE=NAME or MAKE=中文名|English name: signs for the cars of a make; []
	Knowledge string         `yaml:"knowledge"`  // folder of *.md over our articles, see docs/operations.md; ""
	Templates string         `yaml:"templates"`  // folder of *.yaml with texts in place of ours, see docs/texts.md; ""
	// Channels are those that customers are reached by: push, sms, email, and call
	// for a task of an adviser; outbox alone shows messages on the console; ["outbox"].
	Channels []string `yaml:"channels"`
	Push     string   `yaml:"push"` // who carries push: fcm or webhook; "fcm"
	SMS      string   `yaml:"sms"`  // who carries sms: twilio or webhook; "twilio"
	// ClaimTimeout is how old a message must be that a process began to send and
	// did not finish, to be taken over by another, which asks the provider first.
	ClaimTimeout time.Duration `yaml:"claim_timeout"` // 10s-1h; 2m
	// RetryAfter is the first pause before a message is tried again that a provider
	// did not take. It doubles from attempt to attempt; a longer Retry-After of the
	// provider's holds.
	RetryAfter time.Duration `yaml:"retry_after"` // 1s-1h; 1m
	// Senders is how many messages a channel's provider is handed at a time,
	// 1-256; 16.
	Senders int `yaml:"senders"`
}

// Twilio sends SMS when Outreach.Channels holds "sms".
type Twilio struct {
	AccountSID string         `yaml:"account_sid"` // "AC...", ""
	AuthToken  presage.Secret `yaml:"auth_token"`  // sends, and checks the signature of webhooks; ""
	From       string         `yaml:"from"`        // E.164 number or messaging service "MG..."; ""
	BaseURL    URL            `yaml:"base_url"`    // another address of the API, for a proxy or a test; "" is Twilio's own
}

// FCM sends push messages when Outreach.Channels holds "push".
type FCM struct {
	// CredentialsFile is the JSON key of a service account that may send, as the
	// Firebase console gives it; "".
	CredentialsFile string         `yaml:"credentials_file"`
	Credentials     presage.Secret `yaml:"credentials"` // the same JSON itself; ""
	BaseURL         URL            `yaml:"base_url"`    // another address, for a proxy or a test; "" is Google's own
}

// Webhook hands messages to services of the maker's own where outreach.push or
// outreach.sms is "webhook".
type Webhook struct {
	Push Hook `yaml:"push"`
	SMS  Hook `yaml:"sms"`
}

// Hook is one receiver of messages.
type Hook struct {
	URL URL `yaml:"url"` // https://, where each message is posted; ""
	// Secrets sign what goes out and check what comes back, by Standard Webhooks:
	// whsec_BASE64, or two with a comma between while one takes the other's place; "".
	Secrets presage.Secret `yaml:"secrets"`
	// Template is the file of a gateway with a protocol of its own, sms alone: see
	// docs/gateways.md; "". KeyID and KeySecret are the account that it signs by.
	Template  string         `yaml:"template"`
	KeyID     string         `yaml:"key_id"`     // ""
	KeySecret presage.Secret `yaml:"key_secret"` // ""
}

// Mail is the SMTP server for e-mails: to customers when Outreach.Channels holds "email".
type Mail struct {
	Host string `yaml:"host"` // name of the SMTP server; ""
	Port int    `yaml:"port"` // 1-65535; 0 is 587 for starttls, 465 for implicit, 25 for none; 0
	// TLS is starttls, implicit (TLS from the first byte), or none for a server on
	// this machine alone; "starttls".
	TLS      string         `yaml:"tls"`
	Username string         `yaml:"username"` // logs in, with Password; ""
	Password presage.Secret `yaml:"password"` // ""
	From     string         `yaml:"from"`     // who writes: "Norvik Service <service@norvik.example>"; ""
	ReplyTo  string         `yaml:"reply_to"` // where answers go, which nobody reads here; "" is From
	// Staff are addresses of our own people, who hear of safety cases that wait for
	// a person, of customers who wait too long, and of accounts that a provider
	// refuses; workshops with an email hear of their own. Default []: nobody is told.
	Staff     []string `yaml:"staff"`
	StaffLang string   `yaml:"staff_lang"` // of notices: zh or en; "en"
	// DigestHour is the hour at which workshops and staff get yesterday's figures,
	// by the workshop's clocks and in schedule.zone, 0-23; -1 is never; 7.
	DigestHour int `yaml:"digest_hour"`
}

// Forecast is how far parts are planned ahead.
type Forecast struct {
	HorizonDays  int     `yaml:"horizon_days"`  // days of demand forecast, 1-365; 30
	Horizons     []int   `yaml:"horizons"`      // more numbers of days, 1-365 each; [7, 14, 30, 60, 90]
	Policy       string  `yaml:"policy"`        // of stock: service_level, fill_rate or newsvendor; "service_level"
	ServiceLevel float64 `yaml:"service_level"` // probability of no stock-out over a lead time, 0.5-0.9999; 0.95
	FillRate     float64 `yaml:"fill_rate"`     // share of the pieces served from the shelf, 0.5-0.9999; 0.98
	HoldingCost  float64 `yaml:"holding_cost"`  // newsvendor: of a piece a year, in prices, 0.01-10; 0.25
	ShortageCost float64 `yaml:"shortage_cost"` // newsvendor: of a piece missed a day, in prices, 0.0001-100; 0.02
	AutoOrder    bool    `yaml:"auto_order"`    // place the day's purchase orders instead of only advising them; false
}

// Models is what judges components beside the laws of the catalogue.
type Models struct {
	// Learned names, by component, the file of a hazard that `presage train`
	// made of `presage export features`; in a variable or a flag COMPONENT=FILE,...; {}.
	Learned Learned `yaml:"learned"`
	// LearnedWeight is the share of a learned hazard where a wear sensor speaks
	// too, 0-1. Without a sensor it replaces the law; 0.5.
	LearnedWeight float64 `yaml:"learned_weight"`
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
