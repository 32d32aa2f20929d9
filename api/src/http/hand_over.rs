//! Streams that go on without the HTTP library once their head is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::Version;
use actix_web::rt::net::TcpStream;
use actix_web::web::Bytes;
use futures_util::future::poll_fn;

use super::wire::{Taken, Wire};

/// What a client that only listens says is dropped, so much at once.
const DROPPED: usize = 256;

/// Lets the body of `response` take its connection over.
pub fn hand_over(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let request = response.request();
    let wire = request.conn_data::<Wire>().filter(|_| request.version() == Version::HTTP_11).cloned();
    match wire {
        Some(wire) => response.map_body(|_, body| BoxBody::new(HandOver { wire, body: Some(body) })),
        None => response,
    }
}

/// For the library a body without content; the true one follows when the head is sent.
struct HandOver {
    wire: Wire,
    body: Option<BoxBody>,
}

impl MessageBody for HandOver {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        ready!(self.wire.poll_flushed(context));
        if let Some(body) = self.body.take() {
            self.wire.take_over(body);
        }
        // The library is to find at once that for it the connection ended.
        context.waker().wake_by_ref();
        Poll::Ready(None)
    }
}

impl Taken {
    /// Sends the rest, in chunks (RFC 9112, section 7.1), until it ends or the client is gone.
    pub async fn send(mut self) -> io::Result<()> {
        let mut listens = true;
        loop {
            let piece = tokio::select! {
                piece = next(&mut self.body) => piece,
                heard = drop_input(&self.stream), if listens => {
                    // A client may close its own side and go on listening.
                    listens = heard?;
                    continue;
                }
            };
            match piece {
                // A chunk without content would be the last one.
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(piece)) => write(&self.stream, &chunk(&piece)).await?,
                Some(Err(_)) => return Ok(()),
                None => return write(&self.stream, b"0\r\n\r\n").await,
            }
        }
    }
}

async fn next(body: &mut BoxBody) -> Option<Result<Bytes, Box<dyn std::error::Error>>> {
    poll_fn(|context| Pin::new(&mut *body).poll_next(context)).await
}

fn chunk(piece: &[u8]) -> Vec<u8> {
    [format!("{:X}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
}

/// Whether more may come.
async fn drop_input(stream: &TcpStream) -> io::Result<bool> {
    stream.readable().await?;
    match stream.try_read(&mut [0; DROPPED]) {
        Ok(count) => Ok(count > 0),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
        Err(error) => Err(error),
    }
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
