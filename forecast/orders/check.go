package orders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"presage"
)

// The bounds of what may be said, in characters, lines, pieces and days.
const (
	mostKey    = 100
	mostName   = 100
	mostNote   = 500
	mostLines  = 500
	mostPieces = 1_000_000
	mostAhead  = 3 * 366
	mostBack   = 366 // a receipt or a count that is written down later
	ahead      = 5 * time.Minute
)

// faults collects what is wrong, each by its field.
type faults []error

func (f *faults) want(ok bool, field, text string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Errorf("%s: %w: "+text, append([]any{field, presage.ErrInvalid}, args...)...))
	}
}

// told gives the fault that was found last, if one was since n, its reason for people.
func (f *faults) told(n int, code string, pairs ...string) {
	if last := len(*f) - 1; last >= n {
		(*f)[last] = presage.Refuse((*f)[last], code, pairs...)
	}
}

// numbered is the number of a line as a reason says it, "" for 0: none.
func numbered(line int) string {
	if line == 0 {
		return ""
	}
	return strconv.Itoa(line)
}

// text is one that may be missing, without control characters.
func (f *faults) text(field, s string, most int) {
	defer f.told(len(*f), presage.WhyTextWrong, "most", strconv.Itoa(most))
	f.want(utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == utf8.RuneError
	}), field, "want at most %d characters, none of them a control character", most)
}

// who is the name of somebody.
func (f *faults) who(by string) {
	n := len(*f)
	f.want(strings.TrimSpace(by) != "", "by", "want the name of who does it")
	f.told(n, presage.WhyWhoMissing)
	f.text("by", by, mostName)
}

// when is when something happened; zero for now.
func (f *faults) when(field string, t, now time.Time) {
	f.want(t.IsZero() || !t.After(now.Add(ahead)) && t.After(now.AddDate(0, 0, -mostBack)), field,
		"%s: want a time that is past, by a year at the most", t.Format(time.RFC3339))
}

func (f *faults) expected(field string, line int, t, now time.Time) {
	defer f.told(len(*f), presage.WhyDayFar, "line", numbered(line))
	f.want(t.IsZero() || t.After(now.AddDate(0, 0, -mostBack)) && t.Before(now.AddDate(0, 0, mostAhead)), field,
		"%s: want a day at most three years ahead", t.Format(time.RFC3339))
}

// act is who does something, under which key, with which note and when.
func (f *faults) act(key, by, note string, at, now time.Time) {
	f.text("key", key, mostKey)
	f.who(by)
	f.text("note", note, mostNote)
	f.when("at", at, now)
}

func (f *faults) lines(field string, n, least int) {
	f.want(n >= least && n <= mostLines, field, "%d: want %d to %d of them", n, least, mostLines)
}

func (f *faults) pieces(field string, line, n, least int) {
	defer f.told(len(*f), presage.WhyPiecesBetween,
		"line", numbered(line), "least", strconv.Itoa(least), "most", strconv.Itoa(mostPieces))
	f.want(n >= least && n <= mostPieces, field, "%d: want %d to %d", n, least, mostPieces)
}

func (f *faults) depot(field, id string, depots []presage.Depot) {
	f.want(slices.ContainsFunc(depots, func(d presage.Depot) bool { return d.ID == id }), field, "%q is not a depot", id)
}

func (b *Book) checkDraft(d presage.OrderDraft, depots []presage.Depot) []error {
	var f faults
	now := b.Now()
	f.text("key", d.Key, mostKey)
	f.text("external_id", d.ExternalID, mostKey)
	f.depot("depot_id", d.DepotID, depots)
	f.text("supplier", d.Supplier, mostName)
	f.who(d.By)
	f.text("note", d.Note, mostNote)
	f.lines("lines", len(d.Lines), 1)
	for i, l := range d.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		_, err := b.Catalogue.Part(l.Part)
		f.want(err == nil, at+"part", "%q is not in the catalogue of parts", l.Part)
		f.pieces(at+"pieces", i+1, l.Pieces, 1)
		f.expected(at+"expected_at", i+1, l.ExpectedAt, now)
	}
	return f
}

func checkAdvice(d presage.AdviceDraft) []error {
	var f faults
	f.text("key", d.Key, mostKey)
	f.who(d.By)
	f.text("note", d.Note, mostNote)
	f.lines("lines", len(d.Picks), 0)
	f.want(len(d.Picks) == 0 || d.DepotID == "", "depot_id", "leave it out where lines are picked")
	for i, p := range d.Picks {
		f.pieces(fmt.Sprintf("lines[%d].pieces", i), i+1, p.Pieces, 0)
		f.want(!slices.ContainsFunc(d.Picks[:i], func(q presage.AdvicePick) bool {
			return q.Part == p.Part && q.DepotID == p.DepotID && q.Supplier == p.Supplier
		}), fmt.Sprintf("lines[%d].part", i), "part %q at depot %q is named twice", p.Part, p.DepotID)
	}
	return f
}

func checkAct(act presage.OrderAct, now time.Time) []error {
	var f faults
	f.act(act.Key, act.By, act.Note, act.At, now)
	f.lines("lines", len(act.Lines), 0)
	kinds := []presage.OrderActKind{presage.ActPlace, presage.ActConfirm, presage.ActReceive, presage.ActCancel}
	f.want(slices.Contains(kinds, act.Kind), "kind", "%q: want one of %v", act.Kind, kinds)
	for i, l := range act.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		f.want(l.Line > 0 || l.Line == 0 && l.Part != "", at+"line", "%d: want the number of a line, or its part", l.Line)
		f.pieces(at+"pieces", i+1, l.Pieces, 0)
		f.expected(at+"expected_at", i+1, l.ExpectedAt, now)
	}
	return f
}

func (b *Book) checkMove(act presage.StockAct, depots []presage.Depot, now time.Time) []error {
	var f faults
	f.text("key", act.Key, mostKey)
	f.who(act.By)
	f.text("why", act.Why, mostNote)
	f.when("at", act.At, now)
	f.lines("movements", len(act.Lines), 1)
	for i, l := range act.Lines {
		at := func(name string) string { return act.Field(i, name) }
		f.depot(at("depot_id"), l.DepotID, depots)
		_, err := b.Catalogue.Part(l.Part)
		f.want(err == nil, at("part"), "%q is not in the catalogue of parts", l.Part)
		f.want(l.Kind.ByHand(), at("kind"), "%q: want count, correction, return, supplier_return or scrap", l.Kind)
		switch l.Kind {
		case presage.MoveCount:
			f.pieces(at("pieces"), 0, l.Pieces, 0)
		case presage.MoveCorrection:
			f.want(l.Pieces != 0 && l.Pieces >= -mostPieces && l.Pieces <= mostPieces, at("pieces"),
				"%d: want a number that is not 0, below 0 for pieces that are gone", l.Pieces)
			f.want(strings.TrimSpace(act.Why) != "", "why", "want the reason of a correction")
		case presage.MoveReturn, presage.MoveSupplierReturn, presage.MoveScrap,
			presage.MoveOpening, presage.MoveReceipt, presage.MoveUse, presage.MoveUnuse, presage.MoveTransferOut,
			presage.MoveTransferIn, presage.MoveTransferBack:
			f.pieces(at("pieces"), 0, l.Pieces, 1)
		}
	}
	return f
}
