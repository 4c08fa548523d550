package main

import (
	"context"
	"strconv"
	"time"

	"presage/cmd/presage/demo"
)

type demoCommand struct {
	Vehicles int     `default:"200" help:"Size of the fleet."`
	Days     int     `default:"120" help:"Days lived through before going live."`
	Seed     uint64  `default:"1" help:"Decides everything that is random."`
	Pace     float64 `default:"300" help:"Virtual seconds a second once live."`
	Addr     string  `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to serve HTTP."`
	MQTTAddr string  `name:"mqtt-addr" default:"127.0.0.1:1883" placeholder:"HOST:PORT" help:"Where the embedded MQTT server listens."`      //nolint:lll // a struct tag cannot be broken
	Data     string  `default:"demo-data" placeholder:"DIR" type:"path" help:"Data directory; what an earlier demo left there is replaced."` //nolint:lll // a struct tag cannot be broken
}

// Run gives the demo until ctx ends. Its configuration is its own: the
// environment of a real service must not reach it.
func (c demoCommand) Run(ctx context.Context, p *process) error {
	effective, err := settings{}.load(ctx, &process{}, map[string]string{
		"http.addr": c.Addr, "mqtt.addr": c.MQTTAddr, "data_dir": c.Data, "log.level": "warn",
		"forecast.auto_order": strconv.FormatBool(true), "schedule.score_every": "1h",
	})
	if err != nil {
		return err
	}
	return demo.Run(ctx, demo.Options{
		Vehicles: c.Vehicles, Days: c.Days, Seed: c.Seed, Pace: c.Pace, Config: effective.Config,
		Now: time.Now().UTC(), Version: version(), Logger: logger(effective.Log, p.stderr), Out: p.stdout,
	})
}
