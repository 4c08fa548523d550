package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"presage"
)

// recallsCommand keeps what makers ask cars in for, through a running service.
type recallsCommand struct {
	Import importRecallsCommand `cmd:"" help:"Take in a list of recalls as CSV or JSON: all or nothing."`
}

type importRecallsCommand struct {
	runningService

	DryRun bool   `help:"Tell what would change, and change nothing."`
	JSON   bool   `name:"json" help:"What changed, as JSON."`
	File   string `arg:"" name:"FILE" type:"existingfile" help:"A list of recalls, see docs/recalls.md."`
}

// Run sends the list; all of it is stored, or nothing.
func (c importRecallsCommand) Run(ctx context.Context, p *process) error {
	list, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer s.Close()
	path := "/v1/recalls/import"
	if c.DryRun {
		path += "?dry_run=true"
	}
	kind := "text/csv"
	if strings.EqualFold(filepath.Ext(c.File), ".json") {
		kind = "application/json"
	}
	var done presage.RecallImport
	if err := s.Post(ctx, path, kind, list, &done); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if c.JSON {
		return printJSON(p.stdout, done)
	}
	_, err = fmt.Fprintln(p.stdout, changed(done.DryRun, done.Created, done.Updated, done.Unchanged))
	return err
}
