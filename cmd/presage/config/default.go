package config

import (
	"time"

	"presage"
)

// The defaults of ingest.linger. With the embedded server batches fill, under
// load, while the one before is being written, without any waiting.
const (
	embeddedLinger = 200 * time.Microsecond
	brokerLinger   = 10 * time.Millisecond
)

// Default returns the configuration that holds when nothing is said.
func Default() Config {
	return Config{
		DataDir: "presage-data",
		HTTP:    HTTP{Addr: "127.0.0.1:8080"},
		MQTT: MQTT{
			Addr: "127.0.0.1:1883", ClientID: "presage-ingest", Open: true, Gateways: Gateways{}, SecretCost: 10,
			SessionExpiry: Age(7 * 24 * time.Hour), ReceiveMaximum: 1024, Connections: 100_000,
			ConnectionsPerAddress: 20_000, ConnectionsPerVehicle: 8,
		},
		Store:  Store{NamesPerVehicle: 1000, NamesTotal: 50_000, Reserve: 256 << 20},
		Influx: Influx{Org: "presage", Bucket: "presage", Setup: true},
		Ingest: Ingest{
			Batch: 5000, Linger: embeddedLinger, Unknown: "register", RegisterTotal: 100_000,
			Formats: []string{}, Mappings: []string{}, TeslaBase: "telemetry",
			MaxPayload: 4 << 20, Oldest: "2016-01-01", ClockHold: true, HTTPBody: 4 << 20,
			OVMSUsers: []string{},
			RateBurst: 5000, HeldPerVehicle: 1000, HeldTotal: 100_000, SilentAfter: 72 * time.Hour,
		},
		GBT32960: GBT32960{Allow: []string{}, IdleTimeout: 5 * time.Minute, MaxConnections: 10_000, MaxFrame: 65_556},
		Outreach: Outreach{
			QuietFrom: 21, QuietTo: 8, Cap: 2, Brand: "Presage", Channels: []string{"outbox"},
			Push: "fcm", SMS: "twilio",
			ClaimTimeout: 2 * time.Minute, RetryAfter: time.Minute, Senders: 16,
		},
		Mail: Mail{TLS: "starttls", Staff: []string{}, StaffLang: "en", DigestHour: 7},
		Forecast: Forecast{
			HorizonDays: 30, Horizons: []int{7, 14, 30, 60, 90}, Policy: "service_level", ServiceLevel: 0.95, FillRate: 0.98,
			HoldingCost: 0.25, ShortageCost: 0.02,
		},
		Models:   Models{Learned: Learned{}, LearnedWeight: 0.5},
		Schedule: Schedule{ScoreEvery: time.Minute, ScoreAt: 2 * 60, Zone: "UTC"},
		Log:      Log{Level: "info", Format: "text"},
		Roles:    presage.ProcessRoles(),
	}
}
