package api

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"presage"
	"presage/api/access"
)

// Config says who may look.
type Config struct {
	// AdminKey opens the console and /v1, and is needed; access.KeyFault says
	// how strong it must be.
	AdminKey presage.Secret
	// PublicURL is where customers and advisers reach the service, e.g.
	// "https://service.example". "" is allowed.
	PublicURL string
	// TLS says that the handler is served over TLS. That, or a PublicURL of
	// https, makes cookies Secure.
	TLS bool
	// Zone is the time zone of times in the console; nil for UTC. Appointments
	// are always shown in the workshop's or the customer's zone.
	Zone *time.Location
	// Version is shown in the API's description.
	Version string
}

// Validate returns every fault by field name.
func (c Config) Validate() error {
	var errs []error
	if fault := access.KeyFault(c.AdminKey); fault != "" {
		errs = append(errs, fmt.Errorf("%w http.admin_key: %s", presage.ErrInvalid, fault))
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, fmt.Errorf("%w http.public_url: %q, want http(s)://host", presage.ErrInvalid, c.PublicURL))
		}
	}
	return errors.Join(errs...)
}
