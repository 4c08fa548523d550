package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/client"
	"presage/cmd/presage/config"
	"presage/internal/dossier"
	"presage/internal/sqlstore"
)

// customersCommand does what customers may ask for.
type customersCommand struct {
	Export exportCustomerCommand `cmd:"" help:"Write everything that is kept about a customer to a ZIP file."`
	Erase  eraseCustomerCommand  `cmd:"" help:"Erase a customer for good."`
}

type exportCustomerCommand struct {
	target

	Out      string `required:"" placeholder:"FILE" type:"path" help:"A new ZIP file: JSON, and a CSV a table. Telemetry: presage export telemetry."` //nolint:lll // a struct tag cannot be broken
	Customer string `arg:"" name:"ID" help:"The customer."`
}

// Run writes the file, or nothing.
func (c exportCustomerCommand) Run(ctx context.Context, p *process) error {
	var data presage.PersonalData
	err := c.reach(ctx, p, func(s *client.Service) error {
		return s.Do(ctx, http.MethodGet, customerPath(c.Customer)+"/personal-data", nil, &data)
	}, func(sql *sqlstore.Store, _ config.Config) (err error) {
		data, err = app.NewPrivacyOffice(sql, time.Now).PersonalData(ctx, c.Customer)
		return err
	})
	if err != nil {
		return fmt.Errorf("customer %.40q: %w", c.Customer, err)
	}
	if err := newFile(c.Out, func(w io.Writer) error { return dossier.Write(w, data, nil) }); err != nil {
		return err
	}
	rows := 0
	for _, t := range data.Tables {
		rows += len(t.Rows)
	}
	_, err = fmt.Fprintf(p.stdout, "%d rows of %d tables in %s\n", rows, len(data.Tables), c.Out)
	return err
}

type eraseCustomerCommand struct {
	target

	Who      string `required:"" placeholder:"NAME" help:"Who asked for it, kept as proof: \"the customer, by letter\"."`
	Yes      bool   `help:"Do it: it cannot be undone."`
	JSON     bool   `name:"json" help:"What became of each table, as JSON."`
	Customer string `arg:"" name:"ID" help:"The customer."`
}

// Run erases, and prints what became of each table.
func (c eraseCustomerCommand) Run(ctx context.Context, p *process) error {
	if !c.Yes {
		return fmt.Errorf("%w: erasing cannot be undone: say --yes", presage.ErrInvalid)
	}
	var done presage.Erasure
	err := c.reach(ctx, p, func(s *client.Service) error {
		path := customerPath(c.Customer) + "?" + url.Values{"who": {c.Who}}.Encode()
		return s.Do(ctx, http.MethodDelete, path, nil, &done)
	}, func(sql *sqlstore.Store, _ config.Config) (err error) {
		done, err = app.NewPrivacyOffice(sql, time.Now).EraseCustomer(ctx, c.Customer, c.Who)
		return err
	})
	if err != nil {
		return fmt.Errorf("customer %.40q: %w", c.Customer, err)
	}
	if c.JSON {
		return printJSON(p.stdout, done)
	}
	if _, err := fmt.Fprintf(p.stdout, "erased; what stays names %s instead\n", done.Alias); err != nil {
		return err
	}
	for _, t := range done.Tables {
		why := ""
		if t.Why != "" {
			why = ": " + stays(t.Why)
		}
		if _, err := fmt.Fprintf(p.stdout, "%-18s %6d %s%s\n", t.Name, t.Rows, t.Done, why); err != nil {
			return err
		}
	}
	return nil
}

// stays says why rows outlive their customer.
func stays(why string) string {
	words, known := map[string]string{
		"work":     "the workshop has to prove what it did",
		"stop":     "the number is hashed, so that an import finds the STOP",
		"proof":    "it proves what was agreed to and told",
		"vehicle":  "the vehicle goes on without an owner",
		"decision": "decisions have to be explained later",
	}[why]
	if !known {
		return why
	}
	return words
}

func customerPath(id string) string { return "/v1/customers/" + url.PathEscape(id) }
