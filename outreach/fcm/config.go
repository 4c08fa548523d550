package fcm

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2/jwt"

	"presage"
	"presage/outreach/contact"
)

// Config is one Firebase project.
type Config struct {
	// Credentials is the JSON key of a service account that may send: the file
	// that the Firebase console gives. It names the project and the address that
	// gives tokens.
	Credentials presage.Secret
	// BaseURL replaces https://fcm.googleapis.com, for tests and proxies; default "".
	BaseURL string
	// Timeout bounds one request; default 10 s.
	Timeout time.Duration
	// Transport carries the requests; default http.DefaultTransport.
	Transport http.RoundTripper
}

const (
	scope   = "https://www.googleapis.com/auth/firebase.messaging"
	address = "https://fcm.googleapis.com"
)

// account is what a service account's key says.
type account struct {
	project string
	tokens  *jwt.Config
}

// Faults are all faults of the configuration, by field.
func (c Config) Faults() contact.ConfigFaults {
	_, faults := c.account()
	return faults
}

// account reads the key. No fault repeats anything of it.
func (c Config) account() (account, contact.ConfigFaults) {
	var faults contact.ConfigFaults
	faults.Check(absolute(c.BaseURL), "base_url", "an absolute URL, or empty for Google's own")
	var key struct {
		Type      string `json:"type"`
		ProjectID string `json:"project_id"`
		Email     string `json:"client_email"`
		Key       string `json:"private_key"`
		KeyID     string `json:"private_key_id"`
		TokenURI  string `json:"token_uri"`
	}
	if json.Unmarshal([]byte(c.Credentials.Reveal()), &key) != nil || key.Type != "service_account" {
		faults.Check(false, "credentials", `the JSON key of a service account ("type": "service_account")`)
		return account{}, faults
	}
	faults.Check(key.ProjectID != "", "credentials", `a "project_id" in the JSON key`)
	faults.Check(key.Email != "", "credentials", `a "client_email" in the JSON key`)
	faults.Check(pemKey([]byte(key.Key)), "credentials", `an RSA key in PEM as "private_key" in the JSON key`)
	faults.Check(key.TokenURI != "" && absolute(key.TokenURI), "credentials",
		`an absolute URL as "token_uri" in the JSON key`)
	return account{project: key.ProjectID, tokens: &jwt.Config{
		Email: key.Email, PrivateKey: []byte(key.Key), PrivateKeyID: key.KeyID, Scopes: []string{scope},
		TokenURL: key.TokenURI,
	}}, faults
}

func absolute(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (raw == "" || u.Host != "" && (u.Scheme == "http" || u.Scheme == "https"))
}
