package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/client"
	"presage/cmd/presage/config"
)

// settings are the flags by which every command that needs a configuration takes it.
type settings struct {
	Config []string `short:"c" placeholder:"FILE" type:"path" help:"YAML file; later files win key by key."`
	Set    []string `placeholder:"KEY=VALUE" sep:"none" help:"Set one key, e.g. --set influx.url=http://127.0.0.1:8086."`
}

// load merges defaults, files, environment and flags; own are the command's
// dedicated flags by key, "" for one that was not given.
func (s settings) load(ctx context.Context, p *process, own map[string]string) (*config.Effective, error) {
	flags := map[string]string{}
	for _, pair := range s.Set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("%w --set %q: want KEY=VALUE", presage.ErrInvalid, pair)
		}
		flags[key] = value
	}
	for key, value := range own {
		if value != "" {
			flags[key] = value
		}
	}
	return config.Load(ctx, s.Config, p.env, flags)
}

// dial is the running service at url, which is asked with the key that is known for it.
func dial(c *config.Effective, url string) (*client.Service, error) {
	key, err := c.KeyFor(url)
	if err != nil {
		return nil, err
	}
	return client.New("--url", url, key)
}

// logger writes to w what the configuration asks for.
func logger(c config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		level = slog.LevelInfo // Validate has refused any other word
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// openStores opens the configured stores for a command.
func (s settings) openStores(ctx context.Context, p *process, data string) (*app.App, error) {
	effective, err := s.load(ctx, p, map[string]string{"data_dir": data})
	if err != nil {
		return nil, err
	}
	return app.OpenStores(ctx, app.Options{Config: effective.Config, Logger: logger(effective.Log, p.stderr)})
}

// openNames opens the configured stores and their names.
func (s settings) openNames(ctx context.Context, p *process, data string) (*app.App, error) {
	effective, err := s.load(ctx, p, map[string]string{"data_dir": data})
	if err != nil {
		return nil, err
	}
	return app.OpenNames(ctx, app.Options{Config: effective.Config, Logger: logger(effective.Log, p.stderr)})
}
