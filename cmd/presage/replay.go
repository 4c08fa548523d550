package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"presage"
	"presage/cmd/presage/lab/playback"
	"presage/cmd/presage/progress"
	"presage/ingest/mqtt"
	"presage/simulator/recorded"
)

type replayCommand struct {
	Format   string   `required:"" enum:"ev-cloud,carobd,kit-obd" help:"How the files are written: ${enum}."`
	VIN      string   `name:"vin" required:"" help:"The vehicle to publish as; also the MQTT user name."`
	Files    []string `arg:"" name:"FILE" type:"existingfile" help:"CSV files, .csv or .csv.gz."`
	Broker   string   `default:"tcp://127.0.0.1:1883" placeholder:"URL" help:"Broker; user information replaces the VIN."`
	Password string   `env:"PRESAGE_REPLAY_PASSWORD" help:"The vehicle's MQTT password, if it has one."`
	Speed    string   `default:"max" placeholder:"N|max" help:"Recorded seconds a second, or as fast as acknowledged."`
	Start    string   `placeholder:"TIME" help:"RFC 3339 instant of the first row; without it the recording's own times."`
}

// Run publishes the recording and reports what the broker acknowledged.
func (c replayCommand) Run(ctx context.Context, p *process) (err error) {
	vin, err := presage.ParseVIN(c.VIN)
	if err != nil {
		return fmt.Errorf("--vin: %w", err)
	}
	speed, err := parseSpeed(c.Speed)
	if err != nil {
		return err
	}
	o := recorded.Options{VIN: vin}
	if c.Start != "" {
		if o.Start, err = time.Parse(time.RFC3339, c.Start); err != nil {
			return fmt.Errorf("%w --start %q: want RFC 3339, e.g. 2026-01-31T08:00:00Z", presage.ErrInvalid, c.Start)
		}
	}
	reader, err := recorded.Open(c.Format, c.Files, o)
	if err != nil {
		return err
	}
	car, err := mqtt.NewPublisher(ctx, mqtt.PublisherConfig{
		Broker: c.Broker, VIN: vin, Password: presage.Secret(c.Password),
	})
	if err != nil {
		return brokerHint(err)
	}
	defer func() { err = errors.Join(err, car.Close()) }()
	bar := progress.New(p.stderr, "replaying "+vin.Masked(), "rows", 0)
	play := playback.Playback{Reader: reader, Speed: speed, Progress: bar.Add}
	acked, err := play.Publish(ctx, car)
	bar.Finish()
	if err != nil {
		return err
	}
	counts := reader.Counts()
	_, err = fmt.Fprintf(p.stdout, "%d rows read (%d distinct instants), %d messages published and acknowledged\n",
		counts.Rows, counts.Distinct, acked)
	return err
}

// parseSpeed gives 0 for "max".
func parseSpeed(s string) (float64, error) {
	if s == "max" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n > 0 && n <= 1e6) {
		return 0, fmt.Errorf("%w --speed %q: want a number in (0, 1000000], or max", presage.ErrInvalid, s)
	}
	return n, nil
}
