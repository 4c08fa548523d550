package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/client"
	"presage/cmd/presage/config"
	"presage/cmd/presage/credentials"
	"presage/internal/sqlstore"
)

// vehiclesCommand manages who may connect to the embedded MQTT server.
type vehiclesCommand struct {
	Provision provisionCommand `cmd:"" help:"Give vehicles new secrets; the ones before stop working. Shown once."`
	Revoke    revokeCommand    `cmd:"" help:"Take vehicles' secrets and certificates away and cut them off."`
	List      listCommand      `cmd:"" help:"List who has a secret, as CSV. No secret is in it."`
}

// target is the service that runs, or the database of one that does not.
type target struct {
	settings
	Data string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	URL  string `name:"url" placeholder:"URL" help:"A running service, such as http://127.0.0.1:8080. Without it the database itself is opened; the service must not run then."` //nolint:lll // a struct tag cannot be broken
	Key  string `placeholder:"KEY" help:"Admin key for --url (http.admin_key, PRESAGE_HTTP_ADMIN_KEY); on the service's own machine its data directory's."`                      //nolint:lll // a struct tag cannot be broken
}

// with calls work with the keeper of credentials.
func (t target) with(ctx context.Context, p *process, work func(credentials.Keeper) error) error {
	return t.reach(ctx, p, func(s *client.Service) error {
		return work(credentials.Remote{Service: s})
	}, func(sql *sqlstore.Store, c config.Config) error {
		return work(credentials.Local{Issuer: app.NewIssuer(sql, c.MQTT.SecretCost), SQL: sql})
	})
}

// reach calls running with the service at --url, or stopped with the database.
func (t target) reach(
	ctx context.Context, p *process,
	running func(*client.Service) error, stopped func(*sqlstore.Store, config.Config) error,
) (err error) {
	effective, err := t.load(ctx, p, map[string]string{"data_dir": t.Data, "http.admin_key": t.Key})
	if err != nil {
		return err
	}
	if t.URL != "" {
		service, err := dial(effective, t.URL)
		if err != nil {
			return err
		}
		defer service.Close()
		return running(service)
	}
	sql, closeSQL, err := app.OpenDatabase(ctx, effective.Config)
	if errors.Is(err, presage.ErrConflict) {
		return fmt.Errorf("%w; or go through the running service: --url http://%s", err, effective.HTTP.Addr)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSQL()) }()
	return stopped(sql, effective.Config)
}

// chosen are the vehicles that a command is about.
type chosen struct {
	File string   `placeholder:"FILE" type:"existingfile" help:"VINs, one a line or a CSV with a column vin."`
	VINs []string `arg:"" optional:"" name:"VIN" help:"The vehicles."`
}

func (c chosen) read() ([]presage.VIN, error) {
	switch {
	case c.File != "" && len(c.VINs) > 0:
		return nil, fmt.Errorf("%w: want --file or VINs, not both", presage.ErrInvalid)
	case c.File == "" && len(c.VINs) == 0:
		return nil, fmt.Errorf("%w: no vehicles: want --file FILE or VINs", presage.ErrInvalid)
	case c.File == "":
		return credentials.ParseVINs(c.VINs)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("--file: %w", err)
	}
	vins, err := credentials.ReadVINs(c.File, f)
	return vins, errors.Join(err, f.Close())
}
