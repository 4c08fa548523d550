package web

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"presage"
	"presage/api/table"
	"presage/internal/xlsx"
)

// partRows is how many lines of the list a page shows.
const partRows = 120

type partsBody struct {
	Filter  partsFilter
	Levels  []string
	Regions []string
	Depots  []presage.Depot // of the region
	Days    []int           // the planned horizons
	Rows    []partRow
	Found   int // rows in all
	From    int // of the first row shown
	Next    int // 0 on the last page
	AsOf    time.Time
	Chosen  bool // there is something to choose from
	Totals  planTotals
}

// partsFilter is what the address of the list says.
type partsFilter struct {
	Level, Region, Depot, Query string
	Days                        int // 0 for the plan's own horizon
	OnlyOrder                   bool
}

func partsFilterOf(r *request) partsFilter {
	f := partsFilter{
		Level: presage.LevelDepot, Region: r.Query("region"), Depot: r.Query("depot"),
		Query: strings.TrimSpace(r.Query("q")), OnlyOrder: r.Query("order") != "",
	}
	if level := r.Query("level"); slices.Contains(partLevels(), level) && f.Depot == "" {
		f.Level = level
	}
	if f.Level == presage.LevelAll {
		f.Region = ""
	}
	if n, err := strconv.Atoi(r.Query("days")); err == nil && n > 0 {
		f.Days = n
	}
	return f
}

func partLevels() []string {
	return []string{presage.LevelDepot, presage.LevelRegion, presage.LevelAll}
}

// With is the address of the list with one choice changed; a depot is chosen
// within no region, and a level forgets what lies below it.
func (f partsFilter) With(name string, value any) string {
	switch x := value.(type) {
	case string:
		switch name {
		case "level":
			f.Level, f.Depot = x, ""
		case "region":
			f.Region, f.Depot = x, ""
		case "depot":
			f.Depot, f.Level = x, presage.LevelDepot
		}
	case int:
		f.Days = x
	case bool:
		f.OnlyOrder = x
	}
	return "/parts" + f.query()
}

// query is the address below a path, "" without a choice.
func (f partsFilter) query() string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if f.Level != presage.LevelDepot {
		set("level", f.Level)
	}
	if f.Level != presage.LevelAll {
		set("region", f.Region)
	}
	set("depot", f.Depot)
	set("q", f.Query)
	if f.Days > 0 {
		v.Set("days", strconv.Itoa(f.Days))
	}
	if f.OnlyOrder {
		v.Set("order", "1")
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// Page is the address of the page that starts with the given row.
func (f partsFilter) Page(from int) string {
	q := f.query()
	if q == "" {
		return "/parts?from=" + strconv.Itoa(from)
	}
	return "/parts" + q + "&from=" + strconv.Itoa(from)
}

// File is the address of the same forecasts as a file, by how its name ends.
func (f partsFilter) File(end string) string { return "/parts/forecast" + end + f.query() }

func (f partsFilter) ports() presage.ForecastFilter {
	return presage.ForecastFilter{DepotID: f.Depot, Region: f.Region, Level: f.Level}
}

func parts(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := partsBody{Filter: partsFilterOf(r), Levels: partLevels()}
	depots, err := s.Places.Depots(ctx)
	if err != nil {
		return err
	}
	b.places(depots)
	if err := s.planned(ctx, &b, r.Query("from"), depots); err != nil {
		return err
	}
	if b.Totals.Accuracy, err = s.planAccuracy(ctx, b.Filter); err != nil {
		return err
	}
	return r.render(http.StatusOK, "parts", "parts", r.text("nav.parts"), b)
}

// places are the regions, and the depots of the one chosen.
func (b *partsBody) places(depots []presage.Depot) {
	b.Regions = regionsOf(depots)
	for _, d := range depots {
		if b.Filter.Region == "" || d.Region == b.Filter.Region {
			b.Depots = append(b.Depots, d)
		}
	}
}

// planned reads the rows of the page: lines say which they are and what all sum up to.
func (s *Site) planned(ctx context.Context, b *partsBody, from string, depots []presage.Depot) error {
	var shelves []presage.PartForecast
	page := func(lines []presage.PartForecast) []presage.PartForecast {
		if b.Filter.Level == presage.LevelDepot {
			shelves = lines
		}
		if len(shelves) > 0 {
			b.AsOf = shelves[0].AsOf
		}
		b.horizons(lines)
		b.Chosen = len(shelves) > 0 || b.Filter.Region != "" || b.Filter.Depot != ""
		shelves = s.matching(b.Filter.Query, shelves)
		b.Totals.count(shelves)
		return b.page(b.sorted(s.matching(b.Filter.Query, lines), actionsOf(shelves, b.Filter.Level)), from)
	}
	if b.Filter.Level != presage.LevelDepot {
		below := presage.ForecastFilter{DepotID: b.Filter.Depot, Region: b.Filter.Region}
		_, err := s.Parts.PlanRows(ctx, below, func(lines []presage.PartForecast) []presage.PartForecast {
			shelves = lines
			return nil
		})
		if err != nil {
			return err
		}
	}
	rows, err := s.Parts.PlanRows(ctx, b.Filter.ports(), page)
	if err != nil {
		return err
	}
	acts := actionsOf(shelves, b.Filter.Level)
	for _, f := range rows {
		row := layOut(within(f, b.Filter.Days), depots)
		row.action, row.URL = acts[groupOf(f, b.Filter.Level)], partURL(f.Part, f.DepotID, f.Region)
		b.Rows = append(b.Rows, row)
	}
	return nil
}

// sorted chooses the lines that are asked for: what is to order first, then what is
// likely to run out. It sums their means up.
func (b *partsBody) sorted(lines []presage.PartForecast, acts map[group]action) []presage.PartForecast {
	rows := make([]partRow, 0, len(lines))
	for _, f := range lines {
		row := partRow{PartForecast: within(f, b.Filter.Days), action: acts[groupOf(f, b.Filter.Level)]}
		b.Totals.Mean += row.Mean
		if !b.Filter.OnlyOrder || row.Pieces > 0 || len(row.Moves) > 0 {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, byNeed)
	out := make([]presage.PartForecast, len(rows))
	for i, row := range rows {
		out[i] = row.PartForecast
	}
	return out
}

func byNeed(a, b partRow) int {
	return cmp.Or(cmp.Compare(min(1, b.Pieces), min(1, a.Pieces)), cmp.Compare(b.Risk, a.Risk),
		cmp.Compare(b.Mean, a.Mean), cmp.Compare(a.Part, b.Part))
}

// page keeps the lines of the asked page.
func (b *partsBody) page(lines []presage.PartForecast, from string) []presage.PartForecast {
	b.Found = len(lines)
	if n, err := strconv.Atoi(from); err == nil && n > 0 && n < b.Found {
		b.From = n
	}
	end := min(b.From+partRows, b.Found)
	if end < b.Found {
		b.Next = end
	}
	return lines[b.From:end]
}

// horizons reads the planned numbers of days from the first forecast that has any.
func (b *partsBody) horizons(rows []presage.PartForecast) {
	if len(rows) == 0 {
		return
	}
	for _, h := range rows[0].Horizons {
		b.Days = append(b.Days, h.Days)
	}
	if !slices.Contains(b.Days, b.Filter.Days) {
		b.Filter.Days = rows[0].HorizonDays
	}
}

// matching keeps the parts whose number or name holds the text.
func (s *Site) matching(text string, rows []presage.PartForecast) []presage.PartForecast {
	if text == "" {
		return rows
	}
	text = strings.ToLower(text)
	out := make([]presage.PartForecast, 0, len(rows))
	for _, f := range rows {
		names := f.Part
		if p, err := s.Catalogue.Part(f.Part); err == nil {
			names += "\n" + p.Name.ZH + "\n" + p.Name.EN
		}
		if strings.Contains(strings.ToLower(names), text) {
			out = append(out, f)
		}
	}
	return out
}

// within is the forecast for another of its planned horizons, else as it is.
func within(f presage.PartForecast, days int) presage.PartForecast {
	if at, err := f.AtHorizon(days); err == nil {
		return at
	}
	return f
}

func regionsOf(depots []presage.Depot) []string {
	var out []string
	for _, d := range depots {
		if d.Region != "" && !slices.Contains(out, d.Region) {
			out = append(out, d.Region)
		}
	}
	slices.Sort(out)
	return out
}

// partURL is the address of a part's page at a depot, in a region (depot
// empty) or everywhere.
func partURL(number, depot, region string) string {
	to := "/parts/" + url.PathEscape(number)
	switch {
	case depot != "":
		return to + "?depot=" + url.QueryEscape(depot)
	case region != "":
		return to + "?region=" + url.QueryEscape(region)
	}
	return to
}

func partsCSV(r *request) error {
	f := partsFilterOf(r)
	s := r.site
	spooled, err := table.Spool(func(w io.Writer) error {
		return table.WriteForecast(w, s.Catalogue, func(write func(presage.PartForecast) error) error {
			pick := func(lines []presage.PartForecast) []presage.PartForecast { return s.matching(f.Query, lines) }
			return s.Parts.EachPlanRow(r.Request.Context(), f.ports(), pick,
				func(x presage.PartForecast) error { return write(within(x, f.Days)) })
		})
	})
	if err != nil {
		return err
	}
	return r.download("presage-parts-forecast", spooled.Send)
}

// The ends of the addresses of a table, as CSV and as a workbook.
const (
	endCSV  = ".csv"
	endXLSX = ".xlsx"
)

// table adds a table to download in both forms.
func (s *Site) table(r gin.IRouter, path string, h func(*request) error) {
	r.GET(path+endCSV, s.console(h))
	r.GET(path+endXLSX, s.console(h))
}

// download answers with a table that write writes as CSV, in the form that the address asks for.
func (r *request) download(name string, write func(io.Writer) error) error {
	end, kind := endCSV, "text/csv; charset=utf-8"
	if strings.HasSuffix(r.Request.URL.Path, endXLSX) {
		end, kind = endXLSX, xlsx.Type
	}
	r.Header("Content-Type", kind)
	r.Header("Content-Disposition", `attachment; filename="`+name+end+`"`)
	if end == endXLSX {
		return xlsx.Write(r.Writer, write)
	}
	_, _ = r.Writer.WriteString("\ufeff") // spreadsheets take it for UTF-8
	return write(r.Writer)
}
