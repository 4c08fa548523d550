package table

import (
	"encoding/csv"
	"fmt"
	"io"

	"presage"
)

// WriteSecrets writes one line a vehicle after the heading vin,secret, which
// a file of several parts has once.
func WriteSecrets(w io.Writer, issued []presage.Issued, heading bool) error {
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
