package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"presage"
	"presage/internal/xlsx"
)

// recordsCommand exchanges records with the system of planners, through a running service.
type recordsCommand struct {
	Import importRecordsCommand `cmd:"" help:"Take in parts, prices, stock, orders and more: all or nothing."`
	Export exportRecordsCommand `cmd:"" help:"Write a list as CSV, workbook or JSON, as an import takes it."`
}

type importRecordsCommand struct {
	runningService

	Source string   `placeholder:"NAME" help:"The name of the planner's system, such as erp-1."`
	By     string   `required:"" placeholder:"NAME" help:"Who does it."`
	Once   string   `placeholder:"KEY" help:"Key of movements without an ID of their own: the same again moves nothing."`
	DryRun bool     `help:"Tell what would change, and change nothing."`
	JSON   bool     `name:"json" help:"The whole report as JSON."`
	Files  []string `arg:"" name:"FILE" type:"existingfile" help:"parts.csv, stock.xlsx, ..., or NAME.json; all of them together."` //nolint:lll // a struct tag cannot be broken
}

// Run sends all files in one request: all are stored, or none.
func (c importRecordsCommand) Run(ctx context.Context, p *process) error {
	doc, err := filesOf(c.Files)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer s.Close()
	q := url.Values{"by": {c.By}}
	setGiven(q, map[string]string{"source": c.Source, "key": c.Once})
	if c.DryRun {
		q.Set("dry_run", "true")
	}
	var r presage.SupplyReport
	if err := s.Do(ctx, http.MethodPost, "/v1/parts/imports?"+q.Encode(), doc, &r); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	if c.JSON {
		return printJSON(p.stdout, r)
	}
	_, err = fmt.Fprintln(p.stdout, changed(r.DryRun, r.Created, r.Updated, r.Unchanged))
	return err
}

// sentFiles are files as an import takes several of them.
type sentFiles struct {
	Files []sentFile `json:"files"`
}

type sentFile struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// filesOf reads files; a workbook becomes the table of its first sheet.
func filesOf(names []string) (out sentFiles, err error) {
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return out, err
		}
		base := filepath.Base(name)
		if xlsx.Is(text) {
			if text, err = xlsx.ToCSV(text); err != nil {
				return out, fmt.Errorf("%s: %w", name, err)
			}
			base = strings.TrimSuffix(base, filepath.Ext(base)) + ".csv"
		}
		out.Files = append(out.Files, sentFile{base, string(text)})
	}
	return out, nil
}

type exportRecordsCommand struct {
	runningService

	Source string `placeholder:"NAME" help:"The planner's system whose IDs stand in external_id."`
	Format string `enum:"csv,xlsx,json" default:"csv" help:"csv, xlsx or json."`
	Out    string `required:"" placeholder:"FILE" type:"path" help:"A new file."`
	What   string `arg:"" name:"WHAT" enum:"depots,suppliers,parts,prices,stock,orders" help:"depots, suppliers, parts, prices, stock or orders."` //nolint:lll // a struct tag cannot be broken
}

// Run writes the file, or nothing.
func (c exportRecordsCommand) Run(ctx context.Context, p *process) error {
	s, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer s.Close()
	path := "/v1/parts/exports/" + c.What
	if c.Source != "" {
		path += "?" + url.Values{"source": {c.Source}}.Encode()
	}
	err = newFile(c.Out, func(w io.Writer) error {
		if c.Format == "json" { // by the name of the list, so that it can be imported
			var list struct {
				Items []json.RawMessage `json:"items"`
			}
			if err := s.Do(ctx, http.MethodGet, path, nil, &list); err != nil {
				return err
			}
			return printJSON(w, map[string]any{c.What: list.Items})
		}
		return s.Copy(ctx, path, map[string]string{"csv": "text/csv", "xlsx": xlsx.Type}[c.Format], w)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s written\n", c.Out)
	return err
}
