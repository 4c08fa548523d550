package names

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"presage"
)

// Config is how many names are kept that are not reserved.
type Config struct {
	PerVehicle int // invented by one vehicle
	Total      int // invented by all of them
	// Reserved are names besides those of the signal table that count for
	// nobody: of the tables of foreign formats.
	Reserved []string
}

// Store keeps the names that are known.
type Store interface {
	SignalNames(ctx context.Context) ([]presage.SignalName, error)
	// PutSignalNames adds names or moves their day forward, never back; the
	// vehicle of a name that is there stays.
	PutSignalNames(ctx context.Context, ns []presage.SignalName) error
	DeleteSignalNames(ctx context.Context, names []string) error
}

// Telemetry is a store with a table of names of its own.
type Telemetry interface {
	// Names are those in the table that are not reserved.
	Names() []string
	// Forget takes names out of the table, and so the readings under them.
	Forget(ctx context.Context, names []string) error
}

// Book knows every name. All methods may be called at the same time.
type Book struct {
	cfg       Config
	store     Store
	telemetry Telemetry // nil: it has no table
	reserved  map[string]struct{}

	mu    sync.Mutex
	known map[string]known
	owned map[presage.VIN]int // names by the vehicle that invented them
	total int                 // of owned
}

// known is what is known of a name.
type known struct {
	vin presage.VIN
	day presage.Day
}

// Open reads what is known. Names that telemetry (nil for none) holds without
// anybody having counted them are taken up as of the day today.
func Open(ctx context.Context, cfg Config, store Store, telemetry Telemetry, today presage.Day) (*Book, error) {
	b := &Book{
		cfg: cfg, store: store, telemetry: telemetry,
		reserved: map[string]struct{}{}, known: map[string]known{}, owned: map[presage.VIN]int{},
	}
	for _, name := range cfg.Reserved {
		b.reserved[name] = struct{}{}
	}
	list, err := store.SignalNames(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		b.add(n)
	}
	if telemetry == nil {
		return b, nil
	}
	var old []presage.SignalName
	for _, name := range telemetry.Names() {
		if _, ok := b.known[name]; !ok && !b.free(name) {
			old = append(old, presage.SignalName{Name: name, Day: today})
		}
	}
	if len(old) == 0 {
		return b, nil
	}
	if err := store.PutSignalNames(ctx, old); err != nil {
		return nil, err
	}
	for _, n := range old {
		b.add(n)
	}
	return b, nil
}

// free tells whether a name counts for nobody and is stored always.
func (b *Book) free(name string) bool {
	_, ok := b.reserved[name]
	return ok || presage.ReservedSignal(name)
}

// add notes n; its texts must be n's own.
func (b *Book) add(n presage.SignalName) {
	b.known[n.Name] = known{vin: n.VIN, day: n.Day}
	if n.VIN != "" {
		b.owned[n.VIN]++
		b.total++
	}
}

func (b *Book) remove(name string) {
	k, ok := b.known[name]
	if !ok {
		return
	}
	delete(b.known, name)
	if k.vin == "" {
		return
	}
	b.total--
	if b.owned[k.vin]--; b.owned[k.vin] == 0 {
		delete(b.owned, k.vin)
	}
}

// Admit implements ingest.Names.
func (b *Book) Admit(ctx context.Context, uses []presage.NameUse) ([]bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	admitted := make([]bool, len(uses))
	var added, later []presage.SignalName
	for i, u := range uses {
		k, ok := b.known[u.Name]
		switch {
		case ok && k.day >= u.Day, b.free(u.Name):
		case ok:
			later = append(later, presage.SignalName{Name: u.Name, VIN: k.vin, Day: u.Day})
		case b.owned[u.VIN] >= b.cfg.PerVehicle || b.total >= b.cfg.Total:
			continue
		default:
			n := presage.SignalName{
				Name: strings.Clone(u.Name), VIN: presage.VIN(strings.Clone(string(u.VIN))), Day: u.Day,
			}
			b.add(n)
			added = append(added, n)
		}
		admitted[i] = true
	}
	if len(added)+len(later) == 0 {
		return admitted, nil
	}
	if err := b.store.PutSignalNames(ctx, slices.Concat(added, later)); err != nil {
		for _, n := range added {
			b.remove(n.Name)
		}
		return nil, fmt.Errorf("note signal names: %w", err)
	}
	for _, n := range later {
		k := b.known[n.Name]
		k.day = max(k.day, n.Day)
		b.known[n.Name] = k // under the name that is the book's own
	}
	return admitted, nil
}

// Select says which names to free.
type Select struct {
	Before  presage.Day // whose newest reading is older; 0: of any age
	VIN     presage.VIN // that this vehicle invented; "" for all
	Nobodys bool        // that count for nobody
	Name    string      // this one alone; "" for all
}

func (s Select) takes(name string, k known) bool {
	return (s.Before == 0 || k.day < s.Before) && (s.VIN == "" || k.vin == s.VIN) &&
		(!s.Nobodys || k.vin == "") && (s.Name == "" || name == s.Name)
}

// Free forgets names, in the telemetry store too, and returns how many.
func (b *Book) Free(ctx context.Context, s Select) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var gone []string
	for name, k := range b.known {
		if s.takes(name, k) {
			gone = append(gone, name)
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	slices.Sort(gone)
	var err error
	if b.telemetry != nil {
		err = b.telemetry.Forget(ctx, gone)
	}
	if err == nil {
		err = b.store.DeleteSignalNames(ctx, gone)
	}
	if err != nil {
		return 0, fmt.Errorf("free signal names: %w", err)
	}
	for _, name := range gone {
		b.remove(name)
	}
	return len(gone), nil
}

// List is every name, those of one vehicle together.
func (b *Book) List() []presage.SignalName {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]presage.SignalName, 0, len(b.known))
	for name, k := range b.known {
		out = append(out, presage.SignalName{Name: name, VIN: k.vin, Day: k.day})
	}
	slices.SortFunc(out, func(a, b presage.SignalName) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// Counts are how many names count for vehicles, and how many for nobody.
func (b *Book) Counts() (vehicles, nobody int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.total, len(b.known) - b.total
}

// Validate names every fault by its field.
func (c Config) Validate() error {
	var faults []error
	if c.PerVehicle < 1 {
		faults = append(faults, errors.New("names.PerVehicle: want 1 or more"))
	}
	if c.Total < c.PerVehicle {
		faults = append(faults, errors.New("names.Total: want PerVehicle or more"))
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w: %w", presage.ErrInvalid, errors.Join(faults...))
	}
	return nil
}
