package api

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"presage"
	"presage/api/port"
)

// Deps is what the API needs from the stages behind it.
type Deps = port.Deps

// minKeyLength makes an admin key unguessable enough to need no lock-out.
const minKeyLength = 16

// Config says who may look.
type Config struct {
	// AdminKey opens the console and /v1; at least 16 characters.
	AdminKey presage.Secret
	// OpenOnLoopback lets requests to a loopback address pass while no
	// AdminKey is set. Without both, the console and /v1 stay shut.
	OpenOnLoopback bool
	// PublicURL is where customers and advisers reach the service, e.g.
	// "https://service.example"; https makes cookies Secure. "" is allowed.
	PublicURL string
	// Zone is the time zone of times in the console; nil for UTC. Appointments
	// are always shown in the workshop's or the customer's zone.
	Zone *time.Location
	// Version is shown in the API's description.
	Version string
}

// Default is open on this machine only.
func Default() Config { return Config{OpenOnLoopback: true, Version: "dev"} }

// Validate returns every fault by field name.
func (c Config) Validate() error {
	var errs []error
	if n := len(c.AdminKey.Reveal()); n > 0 && n < minKeyLength {
		errs = append(errs, fmt.Errorf("%w http.admin_key: %d characters, want at least %d (openssl rand -hex 16)",
			presage.ErrInvalid, n, minKeyLength))
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, fmt.Errorf("%w http.public_url: %q, want http(s)://host", presage.ErrInvalid, c.PublicURL))
		}
	}
	return errors.Join(errs...)
}
