package config_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/cmd/presage/config"
)

// file writes a YAML file and returns its path.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNothingSaidIsTheDefault(t *testing.T) {
	t.Parallel()
	e, err := config.Load(t.Context(), nil, []string{"PATH=/bin", "PRESAGE_DATA=../shared/data"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.Default(), e.Config); diff != "" {
		t.Error(diff)
	}
	if from := e.From("http.addr"); from != "default" {
		t.Errorf("http.addr comes from %q", from)
	}
}

func TestLaterLayersWinKeyByKey(t *testing.T) {
	t.Parallel()
	first := file(t, "a.yaml", "http:\n  addr: 127.0.0.1:1\n  public_url: https://a.example\nlog:\n  level: debug\n")
	second := file(t, "b.yaml", "http:\n  addr: 127.0.0.1:2\noutreach:\n  channels: [outbox]\nmqtt:\n")
	env := []string{
		"PRESAGE_HTTP_ADDR=127.0.0.1:3", "PRESAGE_HTTP_ADMIN_KEY=sixteen characters", "PRESAGE_DATA_DIR=/var/presage",
		"PRESAGE_INGEST_LINGER=50ms", "PRESAGE_OUTREACH_CHANNELS=sms, outbox", "PRESAGE_FORECAST_AUTO_ORDER=true",
		"PRESAGE_FORECAST_HORIZONS=14, 28", "PRESAGE_TWILIO_ACCOUNT_SID=AC1", "PRESAGE_TWILIO_AUTH_TOKEN=t",
		"PRESAGE_TWILIO_FROM=+15005550006",
		"PRESAGE_INTEGRATION=1", "PRESAGE_INFLUXD=/usr/bin/influxd", "PRESAGE_INFLUXD2=/usr/bin/influxd2", "PRESAGE_NATS_SERVER=/usr/bin/nats-server",
	}
	flags := map[string]string{"http.addr": "127.0.0.1:4", "forecast.service_level": "0.98", "schedule.score_at": "03:30"}
	e, err := config.Load(t.Context(), []string{first, second}, env, flags)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.DataDir = "/var/presage"
	want.HTTP = config.HTTP{Addr: "127.0.0.1:4", PublicURL: "https://a.example", AdminKey: "sixteen characters"}
	want.Log.Level = "debug"
	want.Ingest.Linger = 50 * time.Millisecond
	want.Outreach.Channels = []string{"sms", "outbox"}
	want.Twilio = config.Twilio{AccountSID: "AC1", AuthToken: "t", From: "+15005550006"}
	want.Forecast.AutoOrder, want.Forecast.ServiceLevel, want.Forecast.Horizons = true, .98, []int{14, 28}
	want.Schedule.ScoreAt = 3*60 + 30
	if diff := cmp.Diff(want, e.Config); diff != "" {
		t.Error(diff)
	}
	for key, from := range map[string]string{
		"http.addr": "--set http.addr", "http.public_url": first + ":3", "log.level": first + ":5",
		"data_dir": "PRESAGE_DATA_DIR", "mqtt.addr": "default",
	} {
		if got := e.From(key); got != from {
			t.Errorf("%s comes from %q, want %q", key, got, from)
		}
	}
}

func TestVehiclesWithoutSecretAreLetInOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for addr, open := range map[string]bool{
		"127.0.0.1:1883": true, "localhost:1883": true, "[::1]:1883": true, "0.0.0.0:1883": false, ":1883": false,
	} {
		e, err := config.Load(t.Context(), nil, nil, map[string]string{"mqtt.addr": addr})
		if err != nil {
			t.Fatal(err)
		}
		if e.MQTT.Open != open {
			t.Errorf("listening on %s: open %v, want %v", addr, e.MQTT.Open, open)
		}
	}
}

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		yaml  string
		env   []string
		flags map[string]string
		want  []string // FILE stands for the file's path
	}{
		"two values out of range": {
			yaml: "ingest:\n  batch: 0\nforecast:\n  service_level: 7\n",
			want: []string{"2 faults", "ingest.batch (FILE:2): 0: want 1-100000", "forecast.service_level (FILE:4): 7: want"},
		},
		"a parts plan out of range": {
			yaml: "forecast:\n  horizons: [7, 400]\n  policy: hope\n  fill_rate: 1\n  holding_cost: 0\n",
			env:  []string{"PRESAGE_FORECAST_SHORTAGE_COST=-1"},
			want: []string{
				"5 faults", "forecast.horizons (FILE:2): 400: want 1-365", `forecast.policy (FILE:3): "hope": want service_level`,
				"forecast.fill_rate (FILE:4): 1: want", "forecast.holding_cost (FILE:5): 0: want", "forecast.shortage_cost (PRESAGE_FORECAST_SHORTAGE_COST): -1: want",
			},
		},
		"a list of something else": {
			yaml: "forecast:\n  horizons: [7, month]\n",
			want: []string{"forecast.horizons (FILE:2)", "want a list of whole numbers"},
		},
		"one in each layer": {
			yaml: "log:\n  level: loud\n", env: []string{"PRESAGE_SCHEDULE_ZONE=Mars/Olympus"},
			flags: map[string]string{"http.addr": "8080"},
			want: []string{
				"3 faults", `log.level (FILE:2): "loud": want debug or info`,
				`schedule.zone (PRESAGE_SCHEDULE_ZONE): "Mars/Olympus"`, `http.addr (--set http.addr): "8080": want HOST:PORT`,
			},
		},
		"unknown key in a file": {
			yaml: "influx:\n  # a typing error\n  urll: http://x\n",
			want: []string{"influx.urll (FILE:3): unknown key; did you mean influx.url?"},
		},
		"unknown section": {
			yaml: "kafka: {brokers: a}\n",
			want: []string{"kafka.brokers (FILE:1): unknown key"},
		},
		"unknown variable": {
			env:  []string{"PRESAGE_HTTP_ADRR=x"},
			want: []string{"PRESAGE_HTTP_ADRR (environment): unknown key; did you mean PRESAGE_HTTP_ADDR?"},
		},
		"unknown flag": {
			flags: map[string]string{"mqtt.adress": "x"},
			want:  []string{"mqtt.adress (--set mqtt.adress): unknown key; did you mean mqtt.addr?"},
		},
		"text where a number is wanted, and the reverse of a section": {
			yaml: "forecast:\n  horizon_days: soon\nhttp: 8080\noutreach:\n  channels: {a: b}\n",
			want: []string{
				`forecast.horizon_days (FILE:2): "soon": want a whole number`, "http (FILE:3): is a section",
				"outreach.channels.a (FILE:5): unknown key",
			},
		},
		"kinds": {
			yaml: "ingest: {linger: 5}\nschedule: {score_at: '2 am'}\nforecast: {auto_order: maybe}\nlog: {level: [a]}\n",
			want: []string{
				`ingest.linger (FILE:1): "5": want a duration`, `schedule.score_at (FILE:2): "2 am": want a time of day`,
				`forecast.auto_order (FILE:3): "maybe": want true or false`, "log.level (FILE:4): want text, not a list",
			},
		},
		"not YAML":                 {yaml: "http:\n\taddr: x\n", want: []string{"FILE: is not YAML of keys and values: line 2"}},
		"a secret alone in a file": {yaml: "hunter2\n", want: []string{"FILE: is not YAML of keys and values: the whole file"}},
		"a key given twice": {
			yaml: "log:\n  level: info\n  level: warn\n",
			want: []string{`line 3: mapping key "level" already defined at line 2`},
		},
		"what must agree": {
			flags: map[string]string{
				"mqtt.addr": "0.0.0.0:1883", "mqtt.open": "true", "outreach.channels": "sms,fax,sms", "influx.url": "http://db",
				"influx.bucket": "", "database.url": "mysql://x/y", "mqtt.client_id": "",
			},
			want: []string{
				"mqtt.open (--set mqtt.open): true while mqtt.addr", "twilio.account_sid (default): empty while",
				"twilio.auth_token", "twilio.from", `"fax": want push, sms, email, call or outbox`, `duplicate channel "sms"`,
				"http.public_url (default): empty while outreach.channels holds sms",
				"influx.bucket (--set influx.bucket): empty while influx.url is set",
				"database.url (--set database.url): want postgres://", "mqtt.client_id",
			},
		},
		"messages shared out among processes that share no store": {
			flags: map[string]string{"mqtt.share": "a/b"},
			want: []string{
				`mqtt.share (--set mqtt.share): "a/b": want a name of at most 64 letters`,
				`"a/b" without mqtt.broker: the embedded server shares nothing out`,
				`"a/b" with an embedded store: each process would see a part of every vehicle`,
			},
		},
		"a broker cluster that is asked for what it cannot do": {
			flags: map[string]string{
				"mqtt.jetstream": "nats://a:4222,http://b, nats://presage:hunter2@c", "mqtt.share": "a.b", "ingest.formats": "ovms",
			},
			want: []string{
				"mqtt.jetstream (--set mqtt.jetstream): address 2: invalid: want nats://HOST:PORT, or tls://HOST:PORT for TLS",
				"address 3: invalid: holds a user or a password, which are settings of their own (mqtt.username and mqtt.password)",
				"set without mqtt.broker: name the MQTT gateway of the same cluster",
				"set with an embedded store: each process would see a part of every vehicle",
				`mqtt.share (--set mqtt.share): "a.b": with mqtt.jetstream it names a consumer`,
				"ingest.formats (--set ingest.formats): ovms with mqtt.jetstream: its metrics have QoS 0",
			},
		},
		"channels without a provider": {
			flags: map[string]string{"outreach.channels": "push,sms,call", "outreach.brand": "【x】", "outreach.push": "pigeon"},
			want: []string{
				`outreach.push (--set outreach.push): "pigeon": want one of fcm, webhook`, "twilio.account_sid (default): empty while",
				"outreach.brand (--set outreach.brand)", "http.public_url (default): empty while outreach.channels holds push, sms",
			},
		},
		"push without an account": {
			flags: map[string]string{"outreach.channels": "push", "fcm.base_url": "fcm"},
			want:  []string{"fcm.credentials_file (default): empty while outreach.channels holds push"},
		},
		"push with a key that cannot send": {
			flags: map[string]string{
				"outreach.channels": "push", "fcm.credentials": `{"type":"service_account"}`, "fcm.base_url": "fcm",
			},
			want: []string{
				"fcm.base_url (--set fcm.base_url): want an absolute URL", `fcm.credentials (--set fcm.credentials): want a "project_id"`,
				`"client_email"`, `"private_key"`, `"token_uri"`,
			},
		},
		"webhooks that cannot be signed": {
			flags: map[string]string{
				"outreach.channels": "push,sms", "outreach.push": "webhook", "outreach.sms": "webhook",
				"webhook.push.url": "http://gateway.example", "webhook.push.secrets": "whsec_short",
			},
			want: []string{
				"webhook.push.url (--set webhook.push.url): want https://", "webhook.push.secrets (--set webhook.push.secrets): want whsec_",
				"webhook.sms.url (default): want https://", "webhook.sms.secrets (default): want one secret",
			},
		},
		"e-mail without a server": {
			flags: map[string]string{"outreach.channels": "email,sms", "mail.tls": "none", "mail.host": "mail.example", "mail.username": "norvik"},
			want: []string{
				"mail.tls (--set mail.tls): want starttls or implicit", "mail.password (default): want set together",
				"mail.from (default): want an address", "http.public_url (default): empty while outreach.channels holds email, sms",
				"twilio.account_sid (default)",
			},
		},
		"gateways that cannot be read": {
			flags: map[string]string{
				"outreach.channels": "push,sms", "outreach.push": "webhook", "outreach.sms": "webhook",
				"webhook.push.url": "https://gateway.example", "webhook.push.template": "../../../docs/gateways/aliyun.yaml",
				"webhook.sms.url": "https://gateway.example", "webhook.sms.template": "none.yaml", "webhook.sms.key_id": "id",
			},
			want: []string{
				"webhook.push.template (--set webhook.push.template): want none: a gateway carries sms alone",
				"webhook.push.key_secret (default): empty", "webhook.sms.template (--set webhook.sms.template): none.yaml:",
				"webhook.sms.key_secret (default): empty",
			},
		},
		"call alone": {
			flags: map[string]string{"outreach.channels": "call"},
			want:  []string{`outreach.channels (--set outreach.channels): "call" alone`},
		},
		"SMS that leads to this machine": {
			flags: map[string]string{"outreach.channels": "sms", "http.public_url": "https://localhost:8080"},
			want:  []string{"http.public_url (--set http.public_url): \"https://localhost:8080\" leads to this machine"},
		},
		"SMS without TLS": {
			flags: map[string]string{
				"outreach.channels": "sms", "http.public_url": "http://service.example", "http.admin_key": "sixteen characters",
			},
			want: []string{"http.public_url (--set http.public_url): \"http://service.example\" is without TLS"},
		},
		"both listeners on one port": {
			flags: map[string]string{"mqtt.addr": "127.0.0.1:8080"},
			want:  []string{"mqtt.addr (--set mqtt.addr): \"127.0.0.1:8080\" is http.addr as well"},
		},
		"weak keys": {
			flags: map[string]string{"http.admin_key": "short", "outreach.key": "short", "http.public_url": "https://a:b@c"},
			want: []string{
				"http.admin_key (--set http.admin_key): shorter than 16", "outreach.key (--set outreach.key): shorter than 32",
				"http.public_url (--set http.public_url): customers see it",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var files []string
			if tt.yaml != "" {
				files = append(files, file(t, "presage.yaml", tt.yaml))
			}
			e, err := config.Load(t.Context(), files, tt.env, tt.flags)
			if e != nil || !errors.Is(err, presage.ErrInvalid) {
				t.Fatalf("got %v, %v; want an invalid configuration", e, err)
			}
			for _, want := range tt.want {
				if len(files) > 0 {
					want = strings.ReplaceAll(want, "FILE", files[0])
				}
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nlacks %q", err, want)
				}
			}
		})
	}
}

func TestAFileThatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	_, err := config.Load(t.Context(), []string{"no/such.yaml"}, nil, map[string]string{"log.level": "loud"})
	if err == nil || !strings.Contains(err.Error(), "no/such.yaml: cannot be read: no such file") ||
		!strings.Contains(err.Error(), "log.level") {
		t.Errorf("want the file and the other fault: %v", err)
	}
}

func TestEachKeyHasAVariableOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, key := range config.Keys() {
		name := "PRESAGE_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
		if other, taken := seen[name]; taken {
			t.Errorf("%s and %s share %s", key, other, name)
		}
		seen[name] = key
	}
	for _, tool := range []string{"PRESAGE_DATA", "PRESAGE_INTEGRATION", "PRESAGE_INFLUXD"} {
		if key, taken := seen[tool]; taken {
			t.Errorf("%s is a tool's variable and %s's", tool, key)
		}
	}
	if len(seen) != len(maps.Collect(maps.All(seen))) || len(seen) < 30 {
		t.Errorf("%d keys", len(seen))
	}
}

func TestNodesOfABrokerCluster(t *testing.T) {
	t.Parallel()
	e, err := config.Load(t.Context(), nil, []string{
		"PRESAGE_MQTT_JETSTREAM=nats://a:4222, tls://b", "PRESAGE_MQTT_BROKER=mqtt://balancer:1883",
		"PRESAGE_INFLUX_URL=http://influxdb:8086", "PRESAGE_DATABASE_URL=postgres://presage@postgres/presage",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if nodes := e.MQTT.Nodes(); !slices.Equal(nodes, []string{"nats://a:4222", "tls://b"}) {
		t.Errorf("nodes %q", nodes)
	}
	if nodes := config.Default().MQTT.Nodes(); len(nodes) > 0 {
		t.Errorf("by default there are %q", nodes)
	}
}
