package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"presage/api/access"
	"presage/cmd/presage/config"
)

type keyCommand struct {
	settings
	Data string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	Link bool   `help:"Print a link that logs in to the console instead: it works once, for an hour."`
	URL  string `name:"url" placeholder:"URL" help:"Where the link leads; http.public_url or http.addr without it."`
}

// Run prints the admin key or a link made with it. The service may run
// meanwhile: it is not asked.
func (c keyCommand) Run(ctx context.Context, p *process) error {
	effective, err := c.load(ctx, p, map[string]string{"data_dir": c.Data})
	if err != nil {
		return err
	}
	key, err := effective.KnownAdminKey()
	if err != nil {
		return err
	}
	if !c.Link {
		_, err = fmt.Fprintln(p.stdout, key.Reveal())
		return err
	}
	base := c.URL
	if base == "" {
		base = consoleURL(effective.HTTP)
	}
	_, err = fmt.Fprintln(p.stdout, strings.TrimRight(base, "/")+access.NewLink(key, time.Now().Add(access.LinkLife)))
	return err
}

// consoleURL is where the configured service answers.
func consoleURL(h config.HTTP) string {
	switch {
	case h.PublicURL != "":
		return h.PublicURL
	case h.TLSCert != "":
		return "https://" + h.Addr
	}
	return "http://" + h.Addr
}
