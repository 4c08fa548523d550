package web

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"presage"
)

const ledgerRows = 100

type stockBody struct {
	Depot, Part string
	Depots      []presage.Depot
	Kinds       []presage.MovementKind
	Rows        []ledgerRow
	Next        string // the address of the next page
	Key         string
	Who         signer
	Values      map[string]string // what was typed
}

type ledgerRow struct {
	presage.StockMovement

	Depot presage.Text
	Order bool // Ref is an order's
}

func stockPage(r *request) error {
	return r.ledger(http.StatusOK, r.Query("depot"), strings.TrimSpace(r.Query("part")))
}

// ledger shows the movements of a shelf, and the form for another one.
func (r *request) ledger(status int, depot, part string) error {
	ctx, s := r.Request.Context(), r.site
	b := stockBody{
		Depot: depot, Part: part, Key: rand.Text(), Who: r.signer(), Values: map[string]string{},
		Kinds: []presage.MovementKind{
			presage.MoveCount, presage.MoveCorrection, presage.MoveReturn, presage.MoveSupplierReturn, presage.MoveScrap,
		},
	}
	for _, name := range []string{"depot_id", "part", "kind", "pieces", "why"} {
		b.Values[name] = r.posted(name)
	}
	if b.Values["depot_id"] == "" {
		b.Values["depot_id"], b.Values["part"] = depot, part
	}
	var err error
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	f := presage.MovementFilter{DepotID: depot, Part: part, Limit: ledgerRows + 1}
	if after := r.Query("after"); after != "" {
		if f.After, err = movementAfter(after); err != nil {
			return err
		}
	}
	found, err := s.Orders.StockMovements(ctx, f)
	if err != nil {
		return err
	}
	if len(found) > ledgerRows {
		found = found[:ledgerRows]
		last := found[ledgerRows-1]
		at := fmt.Sprint(last.RecordedAt.UnixMicro(), " ", last.N, " ", url.QueryEscape(last.DepotID), " ",
			url.QueryEscape(last.Part))
		b.Next = stockPath + "?" + url.Values{"depot": {depot}, "part": {part}, "after": {at}}.Encode()
	}
	for _, m := range found {
		b.Rows = append(b.Rows, ledgerRow{m, depotName(m.DepotID, b.Depots), m.Kind == presage.MoveReceipt})
	}
	if r.notice.Kind == "" {
		r.heed()
	}
	return r.render(status, "ledger", "parts", r.text("orders.ledger"), b)
}

// movementAfter reads the place in the ledger that a link names.
func movementAfter(text string) (*presage.StockMovement, error) {
	words := strings.Split(text, " ")
	bad := fmt.Errorf("after: %w: not a place in the ledger", presage.ErrInvalid)
	if len(words) != 4 {
		return nil, bad
	}
	micros, noTime := strconv.ParseInt(words[0], 10, 64)
	n, noNumber := strconv.ParseInt(words[1], 10, 64)
	depot, noDepot := url.QueryUnescape(words[2])
	part, noPart := url.QueryUnescape(words[3])
	if noTime != nil || noNumber != nil || noDepot != nil || noPart != nil {
		return nil, bad
	}
	m := &presage.StockMovement{RecordedAt: time.UnixMicro(micros).UTC(), N: n, DepotID: depot, Part: part}
	if m.RecordedAt.Equal(time.Time{}) {
		m.RecordedAt = time.Time{}
	}
	return m, nil
}

// moveStock writes a movement.
func moveStock(r *request) error {
	depot, part := r.posted("depot_id"), r.posted("part")
	act := presage.StockAct{Key: r.posted("key"), By: r.posted("who"), Why: r.posted("why")}
	pieces, err := strconv.Atoi(r.posted("pieces"))
	if err != nil {
		err = presage.Refuse(presage.ErrInvalid, presage.WhyNotNumber, "part", r.posted("part"), "given", r.posted("pieces"))
	} else {
		act.Lines = []presage.StockActLine{{
			DepotID: depot, Part: part, Kind: presage.MovementKind(r.PostForm("kind")), Pieces: pieces,
		}}
		_, err = r.site.Orders.Move(r.Request.Context(), act)
	}
	if err != nil {
		return r.refused(err, func(status int) error { return r.ledger(status, "", "") }, stockPath+"?")
	}
	r.remember(act.By)
	return r.redirect(stockPath + "?" + url.Values{"depot": {depot}, "part": {part}, "notice": {"moved"}}.Encode())
}
