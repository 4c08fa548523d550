package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"presage"
	"presage/api/table"
)

// Row is a credential as it is listed.
type Row struct {
	VIN       presage.VIN `json:"vin"`
	HasSecret bool        `json:"has_secret"`
	IssuedAt  *time.Time  `json:"issued_at"`
	RevokedAt *time.Time  `json:"revoked_at"`
}

// pageRows is how many rows are asked for at a time.
const pageRows = 500

// step is how many vehicles are provisioned at a time: what has been made is on
// the disk before the next ones are.
const step = 100

// Keeper makes and takes away credentials: Remote, or the database itself.
type Keeper interface {
	Provision(ctx context.Context, vins []presage.VIN) ([]presage.Issued, error)
	Revoke(ctx context.Context, vin presage.VIN) error
	Credentials(ctx context.Context, after presage.VIN) ([]Row, error)
}

// Provision writes new secrets of vins to w as CSV, and tells done after each
// step. When it fails half-way, the secrets written so far are good ones.
func Provision(ctx context.Context, k Keeper, vins []presage.VIN, w io.Writer, done func(n int)) error {
	for at := 0; at < len(vins); at += step {
		part := vins[at:min(at+step, len(vins))]
		issued, err := k.Provision(ctx, part)
		if err == nil && len(issued) != len(part) {
			err = fmt.Errorf("%w: %d secrets of %d came back", presage.ErrUnavailable, len(issued), len(part))
		}
		if err == nil {
			err = table.WriteSecrets(w, issued, at == 0)
		}
		if f, ok := w.(*os.File); ok && err == nil && f.Name() != os.Stdout.Name() {
			err = f.Sync()
		}
		if err != nil {
			return fmt.Errorf("%d of %d vehicles have new secrets; provision the others again: %w", at, len(vins), err)
		}
		done(len(part))
	}
	return nil
}

// CreateSecrets makes a new file that its owner alone may read. One that exists
// is an ErrConflict: it may hold the only copy of other secrets.
func CreateSecrets(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("--out %s: %w: it exists and may hold the only copy of other secrets; name another file",
			name, presage.ErrConflict)
	}
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	return f, nil
}

// List writes a line a credential.
func List(ctx context.Context, k Keeper, w io.Writer) error {
	if _, err := fmt.Fprintln(w, "vin,has_secret,issued_at,revoked_at"); err != nil {
		return err
	}
	when := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	for after := presage.VIN(""); ; {
		rows, err := k.Credentials(ctx, after)
		if err != nil {
			return err
		}
		for _, r := range rows {
			_, err := fmt.Fprintf(w, "%s,%t,%s,%s\n", string(r.VIN), r.HasSecret, when(r.IssuedAt), when(r.RevokedAt))
			if err != nil {
				return err
			}
		}
		if len(rows) < pageRows {
			return nil
		}
		after = rows[len(rows)-1].VIN
	}
}
