package ingest

import (
	"math"
	"strings"
	"sync"

	"presage"
)

// entry is one signal of the table with its place in it.
type entry struct {
	name  string // the canonical name, shared by every reading
	key   string // as it stands in a document: "name":
	kind  presage.Kind
	index int
	low   float64 // what is usual, of a number and of each element of an array
	high  float64
}

// table is the signal table for decoding.
type table struct {
	byName map[string]*entry
}

// aliases are other names that the contract accepts for a signal of the table.
func aliases() map[string]string {
	return map[string]string{
		// The name of the contract before VSS 6 had one.
		"Vehicle.Powertrain.TractionBattery.CellVoltages": presage.SignalCellVoltages,
	}
}

// signalTable finds a signal by the bytes of its name without allocating.
//
//nolint:gochecknoglobals // computed once from the compiled-in table, never changed
var signalTable = sync.OnceValue(func() *table {
	specs := presage.Signals()
	if len(specs) > maxTable {
		panic("ingest: the signal table has outgrown maxTable")
	}
	t := &table{byName: make(map[string]*entry, len(specs)+len(aliases()))}
	for i, s := range specs {
		e := &entry{name: s.Name, key: `"` + s.Name + `":`, kind: s.Kind, index: i, low: math.Inf(-1), high: math.Inf(1)}
		if s.Kind == presage.KindNumber || s.Kind == presage.KindArray {
			e.low, e.high = s.TypicalMin, s.TypicalMax
		}
		t.byName[s.Name] = e
	}
	for other, name := range aliases() {
		t.byName[other] = t.byName[name]
	}
	return t
})

const (
	reservedPrefix = presage.OwnPrefix
	maxNameBytes   = 256
)

// nameFault tells what is wrong with the name of a signal that the table does
// not know, "" if nothing is.
func nameFault(name []byte) string {
	if len(name) == 0 || len(name) > maxNameBytes {
		return "a signal's name has 1 to 256 bytes"
	}
	if strings.IndexFunc(string(name), func(r rune) bool { return r <= ' ' || r == 0x7f }) >= 0 {
		return "a signal's name has no spaces or control characters"
	}
	return ""
}
