package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/api/access"
	"presage/cmd/presage/app"
	"presage/cmd/presage/config"
)

type keyCommand struct {
	settings
	Data   string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	Link   bool   `help:"Print a link that logs in to the console instead: it works once, for an hour."`
	Person string `placeholder:"ID" help:"The link is for the account of this ID (see /accounts), not for the admin."`
	URL    string `name:"url" placeholder:"URL" help:"Where the link leads; without it where the service answers."`
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
	if c.Person != "" {
		if err := presage.CheckID(c.Person); err != nil {
			return fmt.Errorf("--person: %w: want the ID of an account, as /accounts lists it", err)
		}
	}
	if !c.Link && c.Person == "" {
		_, err = fmt.Fprintln(p.stdout, key.Reveal())
		return err
	}
	base := c.URL
	if base == "" {
		base = consoleURL(&effective.Config)
	}
	link := access.NewLink(key, c.Person, time.Now().Add(access.LinkLife))
	_, err = fmt.Fprintln(p.stdout, strings.TrimRight(base, "/")+link)
	return err
}

// consoleURL is where the service answers: as configured, or as the process that uses the
// data directory has it from its own flags.
func consoleURL(c *config.Config) string {
	h, served := c.HTTP, app.ServedAt(c.DataDir)
	switch {
	case h.PublicURL != "":
		return h.PublicURL
	case served != "":
		return served
	case h.TLSCert != "":
		return "https://" + h.Addr
	}
	return "http://" + h.Addr
}
