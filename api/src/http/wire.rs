//! A connection that the HTTP library serves, and that can be taken over from it: the library keeps two buffers of 8 KiB for each
//! connection, which is most of what a stream without news costs.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use actix_web::body::BoxBody;
use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection of one worker, for the library as well as for who takes it over.
#[derive(Clone)]
pub struct Wire(Rc<Inner>);

struct Inner {
    /// None once it was taken over: whoever still reads is told that it ended, and what is still written goes nowhere.
    stream: RefCell<Option<TcpStream>>,
    flushed: Cell<bool>,
    waits: RefCell<Option<Waker>>,
    taken: RefCell<Option<Taken>>,
}

/// What goes on where the library left off.
pub struct Taken {
    pub stream: TcpStream,
    pub body: BoxBody,
}

impl Wire {
    pub fn new(stream: TcpStream) -> Self {
        Self(Rc::new(Inner {
            stream: RefCell::new(Some(stream)),
            flushed: Cell::new(false),
            waits: RefCell::default(),
            taken: RefCell::default(),
        }))
    }

    /// Ready when all that the library has written up to now is on its way.
    pub fn poll_flushed(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.0.flushed.get() {
            return Poll::Ready(());
        }
        self.0.waits.replace(Some(context.waker().clone()));
        Poll::Pending
    }

    /// Takes the connection from the library; `body` is what is still to be sent.
    pub fn take_over(&self, body: BoxBody) {
        let stream = self.0.stream.take();
        self.0.taken.replace(stream.map(|stream| Taken { stream, body }));
    }

    pub fn taken(&self) -> Option<Taken> {
        self.0.taken.take()
    }

    fn with<T>(
        &self,
        otherwise: T,
        what: impl FnOnce(Pin<&mut TcpStream>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match self.0.stream.borrow_mut().as_mut() {
            Some(stream) => what(Pin::new(stream)),
            None => Poll::Ready(Ok(otherwise)),
        }
    }

    fn note_flush(&self) {
        if let Some(waits) = self.0.waits.take() {
            self.0.flushed.set(true);
            waits.wake();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.with((), |stream| stream.poll_read(cx, buffer))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.with(bytes.len(), |stream| stream.poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = self.with((), |stream| stream.poll_flush(cx));
        if let Poll::Ready(Ok(())) = flushed {
            self.note_flush();
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with((), |stream| stream.poll_shutdown(cx))
    }
}
