package fcm

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"presage"
	"presage/outreach/contact"
)

// errGone means that a device's token reaches nothing.
var errGone = errors.New("the token reaches no device of this project")

// answer is the part of an error that FCM documents as stable.
type answer struct {
	Error struct {
		Status  string `json:"status"`
		Details []struct {
			Code       string `json:"errorCode"`
			Violations []struct {
				Field string `json:"field"`
			} `json:"fieldViolations"`
		} `json:"details"`
	} `json:"error"`
}

// code is FCM's own code, else the general status.
func (a answer) code() string {
	for _, d := range a.Error.Details {
		if d.Code != "" {
			return d.Code
		}
	}
	return a.Error.Status
}

// aboutToken tells that a refused argument is the token.
func (a answer) aboutToken() bool {
	for _, d := range a.Error.Details {
		for _, v := range d.Violations {
			if v.Field == "message.token" {
				return true
			}
		}
	}
	return false
}

// refusal turns an error answer into an error of the right kind.
func refusal(res *http.Response, body []byte) error {
	status := res.StatusCode
	var a answer
	_ = json.Unmarshal(body, &a) // a gateway's page is judged by its status
	err := fmt.Errorf("fcm send: %w: %s (HTTP %d)", kind(status, a), word(a.code()), status)
	if errors.Is(err, presage.ErrUnavailable) {
		return contact.After(err, res.Header)
	}
	return err
}

func kind(status int, a answer) error {
	switch code := a.code(); {
	case code == "UNREGISTERED", code == "SENDER_ID_MISMATCH", code == "INVALID_ARGUMENT" && a.aboutToken():
		return errGone
	case code == "INVALID_ARGUMENT", status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge:
		return presage.ErrInvalid
	case code == "THIRD_PARTY_AUTH_ERROR", status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusNotFound:
		return contact.ErrAccount
	}
	return presage.ErrUnavailable
}

// word lets only a code of FCM's into an error: a page of a gateway may hold anything.
func word(code string) string {
	if code == "" || len(code) > 40 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
		return "no known code"
	}
	return code
}

// lost is an answer that did not come: FCM may have the message or not.
func lost() error {
	return fmt.Errorf("fcm send: %w: no answer in time, or it was lost", presage.ErrUnavailable)
}

// unsigned is the refusal or the silence of the address that gives tokens.
func unsigned(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		status := refused.Response.StatusCode
		if status == http.StatusTooManyRequests || status >= 500 {
			unavailable := fmt.Errorf("fcm token: %w (HTTP %d)", presage.ErrUnavailable, status)
			return contact.After(unavailable, refused.Response.Header)
		}
		return fmt.Errorf("fcm token: %w: the service account was refused (HTTP %d)", contact.ErrAccount, status)
	}
	return fmt.Errorf("fcm token: %w: no answer in time, or it cannot be read", presage.ErrUnavailable)
}
