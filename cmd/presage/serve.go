package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/config"
)

type serveCommand struct {
	settings
	Addr     string `placeholder:"HOST:PORT" help:"Where to serve HTTP (http.addr, 127.0.0.1:8080)."`
	MQTTAddr string `name:"mqtt-addr" placeholder:"HOST:PORT" help:"Where the embedded MQTT server listens (mqtt.addr, 127.0.0.1:1883)."` //nolint:lll // a struct tag cannot be broken
	Data     string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	Roles    string `placeholder:"ROLE,..." help:"What it does: ingest, score, outreach, forecast, api (roles, all)."`
	Insecure bool   `help:"Let others than this machine in without TLS (http.insecure, gbt32960.insecure)."`
}

// Run serves until ctx ends.
func (c serveCommand) Run(ctx context.Context, p *process) (err error) {
	own := map[string]string{"http.addr": c.Addr, "mqtt.addr": c.MQTTAddr, "data_dir": c.Data, "roles": c.Roles}
	if c.Insecure {
		own["http.insecure"], own["gbt32960.insecure"] = strconv.FormatBool(true), strconv.FormatBool(true)
	}
	effective, err := c.load(ctx, p, own)
	if err != nil {
		return err
	}
	log := logger(effective.Log, p.stderr)
	a, err := app.Open(ctx, app.Options{Config: effective.Config, Logger: log, Version: version()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	if err := announce(p.stdout, a); err != nil {
		return err
	}
	working, stop := a.Drained(ctx)
	defer stop()
	group, ctx := errgroup.WithContext(working)
	group.Go(func() error { return a.Serve(ctx) })
	group.Go(func() error { return a.Schedule(ctx) })
	return group.Wait()
}

// announce prints the addresses; an external broker's may hold a password, and shows it as ***.
func announce(w io.Writer, a *app.App) error {
	var lines strings.Builder
	line := func(what, text string) { fmt.Fprintf(&lines, "%-7s %s\n", what, text) }
	if roles := a.Roles(); len(roles) < len(presage.ProcessRoles()) {
		line("roles", strings.Join(roles, ", "))
	}
	if a.Does(presage.ProcessAPI) {
		line("console", a.ConsoleURL())
		line("API", a.URL()+"/docs")
	} else {
		line("probes", a.URL()+"/readyz")
	}
	if a.Does(presage.ProcessIngest) {
		line("MQTT", config.URL(a.BrokerURL()).String())
	}
	if addr := a.GatewayAddr(); addr != "" {
		line("GB/T 32960", "tcp://"+addr)
	}
	if url := a.MetricsURL(); url != "" {
		line("metrics", url)
	}
	_, err := io.WriteString(w, lines.String())
	return err
}
