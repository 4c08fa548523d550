package link

import (
	"fmt"
	"strings"
	"time"

	"presage"
)

const (
	unsubscribePath = "/u/"
	unsubscribeOf   = "unsubscribe/" // keeps these tokens apart from booking links
	// unsubscribeLife is far beyond the 30 days that laws ask for: mailboxes keep
	// what is years old.
	unsubscribeLife = 5 * 365 * 24 * time.Hour
)

// Unsubscribe is the address by which the reader of an e-mail ends them. It is the
// same for a message that is sent again.
func (s *Signer) Unsubscribe(customerID string, written time.Time) string {
	return s.base + unsubscribePath + s.Sign(unsubscribeOf+customerID, written.Add(unsubscribeLife))
}

// ReadUnsubscribe returns the customer that the token of such an address names;
// errors as of Read.
func (s *Signer) ReadUnsubscribe(token string, now time.Time) (customerID string, err error) {
	subject, err := s.Read(token, now)
	if err != nil {
		return "", err
	}
	id, ours := strings.CutPrefix(subject, unsubscribeOf)
	if !ours || id == "" {
		return "", fmt.Errorf("unsubscribe link: %w: it is a link for something else", presage.ErrForbidden)
	}
	return id, nil
}
