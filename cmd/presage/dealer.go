package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"presage"
	"presage/cmd/presage/client"
)

// dealerCommand exchanges records with the system of a dealer, through a running service.
type dealerCommand struct {
	Import importDealerCommand `cmd:"" help:"Take in workshops, customers, vehicles, bookings and more: all or nothing."`
	Export exportDealerCommand `cmd:"" help:"Write bookings or work orders as CSV or JSON."`
}

// runningService is the running service that a command asks.
type runningService struct {
	settings
	Data string `placeholder:"DIR" type:"path" help:"Data directory, for its admin key (data_dir, presage-data)."`
	URL  string `name:"url" default:"http://127.0.0.1:8080" help:"The running service."`
	Key  string `placeholder:"KEY" help:"Admin key (http.admin_key, PRESAGE_HTTP_ADMIN_KEY); on the service's own machine its data directory's."` //nolint:lll // a struct tag cannot be broken
}

func (s runningService) open(ctx context.Context, p *process) (*client.Service, error) {
	effective, err := s.load(ctx, p, map[string]string{"data_dir": s.Data, "http.admin_key": s.Key})
	if err != nil {
		return nil, err
	}
	return dial(effective, s.URL)
}

type importDealerCommand struct {
	runningService

	Source string   `required:"" placeholder:"NAME" help:"The name of the dealer's system, such as dms-1."`
	DryRun bool     `help:"Tell what would change, and change nothing."`
	JSON   bool     `name:"json" help:"The whole report as JSON."`
	Files  []string `arg:"" name:"FILE" type:"existingfile" help:"customers.csv, bookings.csv, ..., or NAME.json; all of them together."` //nolint:lll // a struct tag cannot be broken
}

// Run sends all files in one request: all are stored, or none.
func (c importDealerCommand) Run(ctx context.Context, p *process) error {
	doc, err := filesOf(c.Files)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer s.Close()
	q := url.Values{"source": {c.Source}}
	if c.DryRun {
		q.Set("dry_run", "true")
	}
	var r presage.ImportReport
	if err := s.Do(ctx, http.MethodPost, "/v1/imports?"+q.Encode(), doc, &r); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	if c.JSON {
		return printJSON(p.stdout, r)
	}
	return printImport(p.stdout, r)
}

// changed says in words what a list that was taken in has changed, or would.
func changed(dryRun bool, created, updated, unchanged int) string {
	text := fmt.Sprintf("%d created, %d updated; %d unchanged", created, updated, unchanged)
	if dryRun {
		return "dry run: would be " + text
	}
	return text
}

func printImport(w io.Writer, r presage.ImportReport) error {
	_, err := fmt.Fprintf(w, "%s, %d older than what is known\n",
		changed(r.DryRun, r.Created, r.Updated, r.Unchanged), r.Stale)
	for _, x := range r.Conflicts {
		if err == nil {
			_, err = fmt.Fprintf(w, "conflict: booking %s of the dealer has %s; booking %s of ours, %s, is planned anew\n",
				x.ExternalID, x.Resource, x.BookingID, x.Start.Format(time.RFC3339))
		}
	}
	return err
}

// setGiven sets the parameters that have a value.
func setGiven(q url.Values, pairs map[string]string) {
	for name, v := range pairs {
		if v != "" {
			q.Set(name, v)
		}
	}
}

type exportDealerCommand struct {
	runningService

	Source   string `placeholder:"NAME" help:"The dealer's system whose IDs stand beside ours."`
	Since    string `placeholder:"TIME" help:"Changed from then on: 2026-12-01T00:00:00Z."`
	Workshop string `placeholder:"ID" help:"Of one workshop."`
	Format   string `enum:"csv,json" default:"csv" help:"csv or json."`
	Out      string `required:"" placeholder:"FILE" type:"path" help:"A new file."`
	What     string `arg:"" name:"WHAT" enum:"bookings,work-orders" help:"bookings or work-orders."`
}

// Run writes the file, or nothing.
func (c exportDealerCommand) Run(ctx context.Context, p *process) error {
	q := url.Values{}
	setGiven(q, map[string]string{"source": c.Source, "since": c.Since, "workshop": c.Workshop})
	s, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer s.Close()
	path := "/v1/exports/" + c.What
	err = newFile(c.Out, func(w io.Writer) error {
		if c.Format == "csv" {
			return s.Copy(ctx, path+"?"+q.Encode(), "text/csv", w)
		}
		rows, err := askAll[json.RawMessage](ctx, s, path, q)
		if err != nil {
			return err
		}
		return printJSON(w, rows)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s written\n", c.Out)
	return err
}
