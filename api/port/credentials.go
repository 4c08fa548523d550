package port

import (
	"context"

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
