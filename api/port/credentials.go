package port

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"presage"
)

// Credentials gives vehicles the right to connect to the embedded broker.
type Credentials interface {
	// Provision makes new secrets, which nobody can read again; the ones before
	// stop working. VINs that are not known are registered. All or none.
	Provision(ctx context.Context, vins []presage.VIN) ([]presage.Issued, error)
	// Revoke takes the secret away, shuts out the certificates issued so far
	// and cuts the connection. ErrNotFound: nobody knows the vehicle.
	Revoke(ctx context.Context, vin presage.VIN) error
	// Credential returns what is known of one vehicle; see presage.Credential.
	Credential(ctx context.Context, vin presage.VIN) (presage.Credential, error)
	Credentials(ctx context.Context, f presage.CredentialFilter) ([]presage.Credential, error)
}

// WriteSecretsCSV writes one line a vehicle after the heading vin,secret, which
// a file of several parts has once.
func WriteSecretsCSV(w io.Writer, issued []presage.Issued, heading bool) error {
	out := csv.NewWriter(w)
	var rows [][]string
	if heading {
		rows = append(rows, []string{"vin", "secret"})
	}
	for _, i := range issued {
		rows = append(rows, []string{string(i.VIN), i.Secret.Reveal()})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write secrets: %w", err)
	}
	return nil
}
