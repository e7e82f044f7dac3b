//! One end of a WebSocket and its part in the closing handshake (RFC 6455 section 7.1).

/// The `readyState` of one end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum State {
    /// The handshake is under way.
    #[default]
    Connecting,
    /// Messages flow.
    Open,
    /// This end has sent a Close frame and waits for the other's.
    Closing,
    /// It is over.
    Closed,
}

/// What an end does about a Close frame that it received.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Sends one back with the same code, and is closed [RFC 6455 section 5.5.1].
    Echo,
    /// Is closed: it had sent its own.
    Done,
    /// Nothing: it was closed before.
    Ignore,
}

/// One end of a WebSocket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct End {
    state: State,
}

impl End {
    /// Where this end stands.
    pub const fn state(self) -> State {
        self.state
    }

    /// Whether this end may send and take messages.
    pub const fn is_open(self) -> bool {
        matches!(self.state, State::Open)
    }

    /// The handshake succeeded.
    pub const fn open(&mut self) {
        if matches!(self.state, State::Connecting) {
            self.state = State::Open;
        }
    }

    /// This end wants to close. Whether it sends a Close frame now; before the handshake succeeded it gives up without one, and after
    /// its first Close frame it sends no other.
    pub const fn close(&mut self) -> bool {
        match self.state {
            State::Open => {
                self.state = State::Closing;
                true
            }
            State::Connecting => {
                self.state = State::Closed;
                false
            }
            State::Closing | State::Closed => false,
        }
    }

    /// A Close frame came.
    pub const fn receive_close(&mut self) -> Answer {
        let before = self.state;
        self.state = State::Closed;
        match before {
            State::Open | State::Connecting => Answer::Echo,
            State::Closing => Answer::Done,
            State::Closed => Answer::Ignore,
        }
    }

    /// The connection under it is gone, with no Close frame. Whether that was news to this end.
    pub const fn fail(&mut self) -> bool {
        let news = !matches!(self.state, State::Closed);
        self.state = State::Closed;
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_end_closes_and_both_may_at_once() {
        let (mut a, mut b) = (End::default(), End::default());
        a.open();
        b.open();
        assert!(a.close() && !a.close());
        assert_eq!(a.state(), State::Closing);
        assert_eq!(b.receive_close(), Answer::Echo);
        assert_eq!(a.receive_close(), Answer::Done);
        assert_eq!((a.state(), b.state()), (State::Closed, State::Closed));
        assert_eq!(a.receive_close(), Answer::Ignore);

        let (mut a, mut b) = (End { state: State::Open }, End { state: State::Open });
        assert!(a.close() && b.close());
        assert_eq!((a.receive_close(), b.receive_close()), (Answer::Done, Answer::Done));
    }

    #[test]
    fn before_it_is_open_an_end_gives_up_without_a_frame() {
        let mut end = End::default();
        assert!(!end.close());
        end.open();
        assert_eq!(end.state(), State::Closed);
        assert!(!end.fail());
    }
}
