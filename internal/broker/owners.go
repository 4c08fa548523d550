package broker

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"presage"
)

const (
	ownersFile  = "client-ids" // in Config.Dir
	idsPerOwner = 16           // that do not begin with the owner's name
	maxClientID = 256          // bytes
)

// owners knows whose an MQTT client ID is, across disconnects and restarts: a
// session outlives its connection, and who connects by its ID gets it. An ID
// is its first user's: of a vehicle that has proven itself, or of a gateway.
// Of each owner the idsPerOwner used last are kept, so that clients with random
// IDs can connect as often as they like and nobody can fill the table for
// others. The file is a line "OWNER<tab>ID" for each claim and "<tab>ID" for
// each release, rewritten when it is opened and when it has grown.
type owners struct {
	path string

	mu    sync.Mutex
	file  *os.File
	lines int
	of    map[string]string   // client ID -> owner
	ids   map[string][]string // owner -> client IDs, the one used last at the end
}

func openOwners(dir string) (*owners, error) {
	o := &owners{path: filepath.Join(dir, ownersFile), of: map[string]string{}, ids: map[string][]string{}}
	text, err := os.ReadFile(o.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("broker: owners of client IDs: %w: %w", presage.ErrUnavailable, err)
	}
	for line := range bytes.Lines(text) {
		line, whole := bytes.CutSuffix(line, []byte("\n")) // a crash may have cut the last one
		owner, id, ok := strings.Cut(string(line), "\t")
		if whole && ok {
			o.set(owner, id)
		}
	}
	if err = os.MkdirAll(dir, 0o700); err == nil {
		err = o.rewrite()
	}
	if err != nil {
		return nil, fmt.Errorf("broker: owners of client IDs: %w: %w", presage.ErrUnavailable, err)
	}
	return o, nil
}

// set makes owner the one of id, "" for nobody.
func (o *owners) set(owner, id string) {
	if before, ok := o.of[id]; ok {
		left := slices.DeleteFunc(o.ids[before], func(one string) bool { return one == id })
		if o.ids[before] = left; len(left) == 0 {
			delete(o.ids, before)
		}
		delete(o.of, id)
	}
	if owner != "" {
		o.of[id] = owner
		o.ids[owner] = append(o.ids[owner], id)
	}
}

// owner is whose id is, "" for nobody's.
func (o *owners) owner(id string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.of[id]
}

// claim makes id the owner's. Unless it takes it anyhow, another's ID is refused.
func (o *owners) claim(owner, id string, takes bool) error {
	if len(id) > maxClientID {
		return fmt.Errorf("the client ID has %d bytes: want at most %d", len(id), maxClientID)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	before := o.of[id]
	if before != "" && before != owner && !takes {
		return errNotYours
	}
	o.set(owner, id)
	if before == owner {
		return nil
	}
	changes := owner + "\t" + id + "\n"
	if mine := o.ids[owner]; len(mine) > idsPerOwner {
		changes += "\t" + mine[0] + "\n"
		o.set("", mine[0])
	}
	return o.note(changes)
}

var errNotYours = errors.New("the client ID is another's: let it begin with the VIN, or with the gateway's user name")

// release frees what owner has.
func (o *owners) release(owner string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var changes strings.Builder
	for _, id := range slices.Clone(o.ids[owner]) {
		changes.WriteString("\t" + id + "\n")
		o.set("", id)
	}
	return o.note(changes.String())
}

// note appends to the file. It is not synced: a claim that a power cut takes is
// made again by the next connection.
func (o *owners) note(changes string) error {
	if changes == "" {
		return nil
	}
	o.lines += strings.Count(changes, "\n")
	var err error
	if o.lines > 1000+2*len(o.of) {
		err = o.rewrite()
	} else {
		_, err = o.file.WriteString(changes)
	}
	if err != nil {
		return fmt.Errorf("the owner of the client ID cannot be noted: %w", err)
	}
	return nil
}

// rewrite makes the file anew, with a line for each ID.
func (o *owners) rewrite() error {
	var text bytes.Buffer
	for owner, ids := range o.ids {
		for _, id := range ids {
			text.WriteString(owner + "\t" + id + "\n")
		}
	}
	f, err := os.OpenFile(o.path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(text.Bytes()); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Rename(o.path+".new", o.path)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if o.file != nil {
		err = o.file.Close()
	}
	o.file, o.lines = f, len(o.of)
	return err
}

func (o *owners) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.file.Close()
}

// reserved is whose a client ID is by its beginning: a VIN, or the user name of
// a gateway with no letter or digit behind it; "" for nobody's.
func (d *door) reserved(clientID string) (owner string) {
	if vin, err := presage.ParseVIN(clientID[:min(17, len(clientID))]); err == nil {
		return string(vin)
	}
	for _, g := range d.cfg.Gateways {
		rest, ok := strings.CutPrefix(clientID, g.Username)
		next, _ := utf8.DecodeRuneInString(rest)
		if ok && len(g.Username) > len(owner) && (rest == "" || !unicode.IsLetter(next) && !unicode.IsDigit(next)) {
			owner = g.Username
		}
	}
	return owner
}

// mayUse tells whether somebody who proves nothing may connect by the client ID.
func (d *door) mayUse(name, clientID string) error {
	owner := d.reserved(clientID)
	if owner == "" {
		owner = d.broker.owners.owner(clientID)
	}
	if owner != "" && owner != name {
		return errNotYours
	}
	return nil
}

// own makes the client ID name's. A gateway takes one that is no other's by its
// beginning, whoever used it before: its account is the operator's.
func (d *door) own(name, clientID string, takes bool) error {
	switch d.reserved(clientID) {
	case name:
		return nil
	case "":
		return d.broker.owners.claim(name, clientID, takes)
	default:
		return errNotYours
	}
}
