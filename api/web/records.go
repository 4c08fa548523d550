package web

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"presage"
	"presage/api/problem"
	"presage/api/table"
	"presage/internal/xlsx"
)

const (
	recordsPath = "/parts/import"
	maxRecords  = 4 << 20                // bytes of a file; a larger one goes to the API
	maxSent     = 2*maxRecords + maxForm // of a form with one, as text
)

// recordsBody is the page on which files of planners' records are looked at before they count.
type recordsBody struct {
	Lists  []string // that can be imported
	Out    []string // that can be had
	List   string
	Source string
	Name   string // of the file
	Text   string // of the file that was looked at, to be taken in; "" for none
	Key    string // of movements without an ID: a second press moves nothing
	Report *presage.SupplyReport
	Faults []string
	Who    signer
}

// Shown are the changes that the page lists; the report counts all.
func (b recordsBody) Shown() []presage.SupplyChange {
	return b.Report.Changes[:min(len(b.Report.Changes), 200)]
}

func (s *Site) mountRecords(r gin.IRouter) {
	r.GET(recordsPath, s.console(recordsPage))
	r.POST(recordsPath, s.console(takeRecords))
	for _, list := range listsOut() {
		s.table(r, recordsPath+"/"+list, func(r *request) error { return r.exportRecords(list) })
	}
}

func listsIn() []string {
	return []string{"parts", "prices", "stock", "orders", "receipts", "counts", "movements", "suppliers", "depots"}
}

func listsOut() []string {
	return []string{"parts", "prices", "stock", "orders", "suppliers", "depots"}
}

func (r *request) recordsBody() recordsBody {
	b := recordsBody{
		Lists: listsIn(), Out: listsOut(), List: r.posted("list"), Source: r.posted("source"), Key: r.posted("key"),
		Name: r.posted("name"), Who: r.signer().or(r.posted("who")),
	}
	if b.Key == "" {
		b.Key = rand.Text()
	}
	if r.Request.Method == http.MethodGet {
		b.Who = r.signer()
	}
	return b
}

func recordsPage(r *request) error {
	return r.render(http.StatusOK, "records", "parts", r.text("records.title"), r.recordsBody())
}

// takeRecords tells what a file would change, or takes in one that was looked at.
func takeRecords(r *request) error {
	r.patient()
	b := r.recordsBody()
	data, err := r.records(&b)
	if err == nil && !slices.Contains(b.Lists, b.List) {
		err = fmt.Errorf("list: %w: want one of %v", presage.ErrInvalid, b.Lists)
	}
	dry := r.PostForm("do") != "take"
	var report presage.SupplyReport
	if err == nil {
		report, err = r.site.Orders.Import(r.Request.Context(), presage.SupplyWish{
			Source: b.Source, By: r.posted("who"), Key: b.Key, DryRun: dry,
		}, b.List, data)
	}
	status := http.StatusOK
	switch {
	case errors.Is(err, presage.ErrInvalid):
		var detail string
		status, detail = problem.Of(err)
		b.Faults = strings.Split(detail, "\n")
	case err != nil:
		return err
	default:
		r.remember(r.posted("who"))
		b.Report = &report
		if dry && report.Created+report.Updated > 0 {
			b.Text = base64.RawURLEncoding.EncodeToString(data)
		}
	}
	return r.render(status, "records", "parts", r.text("records.title"), b)
}

// records is the file of the form: one that comes now, or that was looked at before.
func (r *request) records(b *recordsBody) ([]byte, error) {
	if text := r.PostForm("text"); text != "" {
		data, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("file: %w: it did not come whole: choose it again", presage.ErrInvalid)
		}
		return data, nil
	}
	head, err := r.FormFile("file")
	if err != nil || head.Size > maxRecords {
		return nil, fmt.Errorf("file: %w: want a file of CSV, .xlsx or JSON, at most %d MB", presage.ErrInvalid,
			maxRecords>>20)
	}
	file, err := head.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	b.Name = fileName(head.Filename)
	if xlsx.Is(data) {
		return xlsx.ToCSV(data)
	}
	return data, nil
}

// exportRecords is a list as an import takes it.
func (r *request) exportRecords(list string) error {
	t, err := r.site.Orders.Export(r.Request.Context(), list, r.Query("source"))
	if err != nil {
		return err
	}
	return r.download("presage-"+list, func(w io.Writer) error { return table.WriteSupply(w, t) })
}
